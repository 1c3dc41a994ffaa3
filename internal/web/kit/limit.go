package kit

import (
	"container/list"
	"context"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is one request every Every on average, and Burst at once.
type Rate struct {
	Every time.Duration
	Burst int
}

// tableSize bounds how many addresses a Limiter remembers. When a new one
// comes the one that has been quiet the longest is forgotten.
const tableSize = 16384

// Limiter counts requests by where they come from: an IPv4 address, or an IPv6
// network of 64 bits, which is what one customer line gets. It is safe for use
// by many goroutines, and its size is bounded.
type Limiter struct {
	rate Rate
	now  func() time.Time
	size int

	mu    sync.Mutex
	known map[netip.Prefix]*list.Element
	order list.List // of *source, the latest in front
}

type source struct {
	net   netip.Prefix
	limit *rate.Limiter
}

// NewLimiter makes a limiter.
func NewLimiter(r Rate, now func() time.Time) *Limiter {
	return &Limiter{rate: r, now: now, size: tableSize, known: make(map[netip.Prefix]*list.Element)}
}

// network is what one customer line gets; an unknown address counts as one.
func network(from netip.Addr) netip.Prefix {
	bits := 32
	if from.Is6() {
		bits = 64
	}
	net, _ := from.Prefix(bits)
	return net
}

// Network names where a request came from as a Limiter counts it: an IPv4
// address, or an IPv6 network of 64 bits.
func Network(ctx context.Context) string { return network(Address(ctx)).String() }

// Take counts one request. It gives zero when the request may go on, else how
// long to wait; a request that has to wait is not counted.
func (l *Limiter) Take(from netip.Addr) time.Duration {
	net := network(from)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	take := l.source(net).limit.ReserveN(now, 1)
	wait := take.DelayFrom(now)
	if wait > 0 {
		take.CancelAt(now)
	}
	return wait
}

func (l *Limiter) source(net netip.Prefix) *source {
	if e := l.known[net]; e != nil {
		l.order.MoveToFront(e)
		return e.Value.(*source)
	}
	for len(l.known) >= l.size {
		oldest := l.order.Back()
		delete(l.known, l.order.Remove(oldest).(*source).net)
	}
	s := &source{net: net, limit: rate.NewLimiter(rate.Every(l.rate.Every), l.rate.Burst)}
	l.known[net] = l.order.PushFront(s)
	return s
}
