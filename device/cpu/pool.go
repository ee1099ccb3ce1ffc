package cpu

import "sync"

// pool is the goroutines that work beside the caller. Work is handed out as
// "worker w does its part of f"; which part that is, f knows.
type pool struct {
	start []chan struct{} // of each helper
	done  sync.WaitGroup
	work  func(worker int)
}

// newPool starts n-1 helpers; the caller is worker 0.
func newPool(n int) *pool {
	p := &pool{}
	for i := 1; i < n; i++ {
		start := make(chan struct{}, 1)
		p.start = append(p.start, start)
		go func() {
			for range start {
				p.work(i)
				p.done.Done()
			}
		}()
	}
	return p
}

// run calls f once per worker, up to n of them, and returns when all are done.
func (p *pool) run(n int, f func(worker int)) {
	n = min(n, len(p.start)+1)
	p.work = f
	p.done.Add(n - 1)
	for _, start := range p.start[:n-1] {
		start <- struct{}{}
	}
	f(0)
	p.done.Wait()
}

// close ends the helpers.
func (p *pool) close() {
	for _, start := range p.start {
		close(start)
	}
	p.start = nil
}
