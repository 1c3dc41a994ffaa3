package main

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// processor is the processor time that this process has used.
func processor() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// resetPeak lets Linux forget the most that this process ever held (proc(5),
// clear_refs); elsewhere peak tells of everything since the start.
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600) }

// peak is the most memory that this process has held since then, in MB; 0 when
// that is not known.
func peak() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := bytes.Cut(status, []byte("VmHWM:"))
	number, _, _ := bytes.Cut(bytes.TrimSpace(after), []byte(" "))
	kb, err := strconv.Atoi(string(number))
	if err != nil {
		return 0
	}
	return kb / 1024
}
