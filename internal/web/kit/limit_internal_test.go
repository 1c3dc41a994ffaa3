package kit

import (
	"net/netip"
	"testing"
	"time"
)

// TestLimiterIsBounded sees that a flood of addresses can't grow the table,
// and that the latest are kept.
func TestLimiterIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	l := NewLimiter(Rate{Every: time.Hour, Burst: 1}, func() time.Time { return now })
	l.size = 100
	regular := netip.MustParseAddr("192.0.2.1")
	l.Take(regular)
	addr := netip.MustParseAddr("10.0.0.0")
	for range 1000 {
		addr = addr.Next()
		if l.Take(addr) != 0 {
			t.Fatal("a new address has to wait")
		}
		if l.Take(regular) != time.Hour {
			t.Fatal("an address in use was forgotten")
		}
	}
	if len(l.known) != 100 || l.order.Len() != 100 {
		t.Errorf("table has %d and %d entries", len(l.known), l.order.Len())
	}
	if l.Take(netip.Addr{}) != 0 || l.Take(netip.Addr{}) == 0 {
		t.Error("unknown addresses do not count as one")
	}
}
