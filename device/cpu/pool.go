package cpu

import (
	"runtime"
	"sync/atomic"
	"time"
)

// pool is the goroutines that work beside the caller. Work is a number of tasks
// that may run in any order on any worker. Each worker begins with a fixed share
// of them, so that what a task leaves in the cache is found there the next time,
// and goes on with what others have not begun: work gets done even if no other
// core is free.
//
// A helper that has nothing to do looks for work for a while, which hands over
// in a fraction of a microsecond, and then sleeps. The caller never waits for a
// helper that has not begun: it takes the offer back. A helper that began and
// then keeps the caller waiting has lost its core to another process; after that
// the caller works alone for a while, longer each time.
type pool struct {
	helpers  []*helper
	alone    int  // so many runs are to be done without helpers
	penalty  int  // how many it will be the next time
	forced   bool // tests: every worker does its share, however late
	patience int
	task     func(worker, task int)
	queues   []queue // of all workers
	used     []queue // of those of this run
	failed   atomic.Pointer[failure]
}

// failure is what a task of the current run panicked with.
type failure struct{ value any }

// queue is the tasks a worker begins with.
type queue struct {
	next, end atomic.Int32
	_         [56]byte // a cache line of its own
}

// helper is one goroutine of a pool.
type helper struct {
	state atomic.Int32
	wake  chan struct{}
	_     [40]byte // a cache line of its own
}

// States of a helper.
const (
	idle    int32 = iota // looking for work
	offered              // there is work, not begun
	working
	asleep
	ended
)

// busy reports whether the helper has work, begun or not.
func (h *helper) busy() bool {
	s := h.state.Load()
	return s == working || s == offered
}

// patience is how often a helper looks for work before it sleeps: some hundred
// microseconds, longer than a training's steps are apart. A sleeping helper takes
// tens of microseconds to wake up.
const patience = 1_000_000

// newPool starts n-1 helpers; the caller is worker 0.
func newPool(n int, forced bool) *pool {
	p := &pool{forced: forced, patience: patience, queues: make([]queue, n)}
	if forced || n > runtime.GOMAXPROCS(0) {
		p.patience = 100 // who looks for work keeps others from doing it
	}
	for i := 1; i < n; i++ {
		h := &helper{wake: make(chan struct{}, 1)}
		p.helpers = append(p.helpers, h)
		go p.help(h, i)
	}
	return p
}

func (p *pool) help(h *helper, worker int) {
	for {
		for range p.patience {
			if h.state.Load() != idle {
				break
			}
		}
		switch {
		case h.state.CompareAndSwap(offered, working):
			p.work(worker)
			h.state.CompareAndSwap(working, idle)
		case h.state.CompareAndSwap(idle, asleep):
			<-h.wake
		case h.state.Load() == ended:
			return
		}
	}
}

// work does the worker's share, then what is left of others'. A panic is kept for
// the caller of run: in a goroutine of its own it would end the program before
// anything can be saved.
func (p *pool) work(worker int) {
	defer func() {
		if v := recover(); v != nil {
			p.failed.CompareAndSwap(nil, &failure{v})
		}
	}()
	for i := range p.used {
		q := &p.used[(worker+i)%len(p.used)]
		for i == 0 || !p.forced {
			t := q.next.Add(1) - 1
			if t >= q.end.Load() {
				break
			}
			p.task(worker, int(t))
		}
	}
}

// run calls task for 0..tasks-1 and returns when all calls have. Where one panics,
// so does run, when the others have returned.
func (p *pool) run(tasks int, task func(worker, task int)) {
	p.spread(tasks, task)
	if f := p.failed.Swap(nil); f != nil {
		panic(f.value)
	}
}

// spread does the work of run.
func (p *pool) spread(tasks int, task func(worker, task int)) {
	n := max(1, min(len(p.helpers)+1, tasks))
	if p.alone > 0 && !p.forced {
		p.alone--
		n = 1
	}
	p.task, p.used = task, p.queues[:n]
	for w := range p.used {
		lo, hi := share(tasks, w, n)
		p.used[w].next.Store(int32(lo))
		p.used[w].end.Store(int32(hi))
	}
	helpers := p.helpers[:n-1]
	for _, h := range helpers {
		if h.state.Swap(offered) == asleep {
			h.wake <- struct{}{}
		}
	}
	if len(helpers) == 0 {
		p.work(0)
		return
	}
	begin := time.Now()
	p.work(0)
	own := time.Since(begin)
	for _, h := range helpers {
		if !p.forced && h.state.CompareAndSwap(offered, idle) {
			continue // it never came
		}
		for spins := 0; h.busy(); spins++ {
			p.breathe(spins)
		}
	}
	// A task may take as long as all of the caller's own; more is a lost core.
	if waited := time.Since(begin) - own; waited > 4*own+late {
		p.penalty = min(max(64, 2*p.penalty), maxPenalty)
		p.alone = p.penalty
	} else if p.penalty > 0 {
		p.penalty--
	}
}

// late is how long the caller waits for a helper before that counts against it:
// less than an operating system takes a core away for.
const late = 200 * time.Microsecond

// maxPenalty is the longest a caller works alone: about a second of small steps.
const maxPenalty = 1 << 16

// breathe is called by who has waited for so many looks.
func (p *pool) breathe(spins int) {
	if spins > p.patience {
		runtime.Gosched()
	}
}

// close ends the helpers. No work may be under way.
func (p *pool) close() {
	for _, h := range p.helpers {
		if h.state.Swap(ended) == asleep {
			h.wake <- struct{}{}
		}
	}
	p.helpers = nil
}
