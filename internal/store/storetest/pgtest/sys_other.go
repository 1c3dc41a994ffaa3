//go:build unix && !linux

package pgtest

import "syscall"

// dieWithParent does nothing here: the guard alone has to do.
func dieWithParent(*syscall.SysProcAttr) {}
