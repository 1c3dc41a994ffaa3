package main

import (
	"syscall"
	"time"
)

// meter adds up the processor time that signing and issuing take on one
// engine. Unlike the rates it hardly changes with what else the machine does.
type meter struct {
	signing, issuing use
	serverTime       time.Duration // of the database's processes, from start to stop
}

type use struct {
	count int64
	time  time.Duration
}

func (u use) each() float64 { return float64(u.time.Microseconds()) / 1000 / float64(max(1, u.count)) }

func (m *meter) sign() float64   { return m.signing.each() }
func (m *meter) issue() float64  { return m.issuing.each() }
func (m *meter) server() float64 { return use{m.issuing.count, m.serverTime}.each() }

// cpu is the processor time of this process, or of its children that have
// ended.
func cpu(who int) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(who, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
