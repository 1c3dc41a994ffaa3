package ca

import "runtime"

// AwaitWaiting returns when n acts wait for the next transaction.
func AwaitWaiting(a *Authority, n int) {
	for {
		a.together.mu.Lock()
		waiting := len(a.together.waiting)
		a.together.mu.Unlock()
		if waiting >= n {
			return
		}
		runtime.Gosched()
	}
}
