package cpu

import (
	"sync/atomic"
	"testing"
)

func TestPoolDoesEveryTaskOnce(t *testing.T) {
	for _, forced := range []bool{false, true} {
		for workers := 1; workers <= 8; workers++ {
			p := newPool(workers, forced)
			for tasks := range 20 {
				for range 50 {
					done := make([]atomic.Int32, tasks)
					var seen [8]atomic.Int32
					p.run(tasks, func(worker, task int) {
						done[task].Add(1)
						if seen[worker].Add(1); worker >= workers {
							t.Errorf("worker %d of %d", worker, workers)
						}
					})
					for i := range done {
						if n := done[i].Load(); n != 1 {
							t.Fatalf("%d workers, %d tasks: task %d was done %d times", workers, tasks, i, n)
						}
					}
					for w := range min(workers, tasks) {
						if forced && seen[w].Load() == 0 {
							t.Fatalf("%d workers, %d tasks: worker %d did nothing", workers, tasks, w)
						}
					}
				}
			}
			p.close()
		}
	}
}

// TestPoolWorksAlone checks that a caller whose helpers are told to stay away
// does everything itself.
func TestPoolWorksAlone(t *testing.T) {
	p := newPool(3, false)
	defer p.close()
	p.alone = 10
	for range 10 {
		p.run(5, func(worker, _ int) {
			if worker != 0 {
				t.Errorf("worker %d helped", worker)
			}
		})
	}
	if p.alone != 0 {
		t.Errorf("%d runs alone are left, want none", p.alone)
	}
}

// H11: a panic on any worker is the caller's, no other worker hangs, and the pool
// can be used again.
func TestH11PoolPanics(t *testing.T) {
	for _, forced := range []bool{false, true} {
		p := newPool(4, forced)
		defer p.close()
		for bad := range 8 {
			var got any
			func() {
				defer func() { got = recover() }()
				p.run(8, func(_, task int) {
					if task == bad {
						panic(task)
					}
				})
			}()
			if got != bad {
				t.Errorf("expected a panic with %d, got %v", bad, got)
			}
			var done atomic.Int32
			p.run(8, func(int, int) { done.Add(1) })
			if done.Load() != 8 {
				t.Errorf("expected 8 tasks after the panic, got %d", done.Load())
			}
		}
	}
}
