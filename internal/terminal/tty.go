package terminal

import (
	"os"
	"runtime"

	"golang.org/x/term"
)

// OpenTTY opens the terminal that the user sits at, whatever standard input
// is. The caller closes it unless it is os.Stdin.
func OpenTTY() (*os.File, error) {
	if term.IsTerminal(int(os.Stdin.Fd())) {
		return os.Stdin, nil
	}
	name := "/dev/tty"
	if runtime.GOOS == "windows" {
		name = "CONIN$"
	}
	return os.OpenFile(name, os.O_RDWR, 0)
}
