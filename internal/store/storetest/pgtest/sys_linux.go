package pgtest

import "syscall"

// dieWithParent makes the kernel end the server when its starter is gone.
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGQUIT }
