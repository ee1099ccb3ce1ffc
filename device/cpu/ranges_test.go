package cpu

import (
	"testing"

	"gradus/device"
	"gradus/graph"
)

func TestRangesCoverEachNumberOnce(t *testing.T) {
	for _, n := range []int{0, 1, rangeBlock, rangeBlock + 1, 1000, 4608} {
		x := make([]float32, n)
		for ranges := 1; ranges <= maxChunks; ranges++ {
			for p := range ranges {
				for i := range cutRange(x, p, ranges) {
					cutRange(x, p, ranges)[i]++
				}
			}
			for i, v := range x {
				if v != float32(ranges) {
					t.Fatalf("%d numbers, %d ranges: number %d is in %v of them, want 1", n, ranges, i, v-float32(ranges-1))
				}
			}
		}
	}
}

func TestWhatIsSmallIsTheFirstRange(t *testing.T) {
	if n := len(cutRange(make([]float32, rangeBlock), 0, 4)); n != rangeBlock {
		t.Errorf("the first range has %d numbers, want %d", n, rangeBlock)
	}
}

// TestTheCallerAddsUpItsChunks checks which sums are added up before the chunks are done:
// those of the chunks the caller begins with, but for the last of all. That the bits are
// those of one thread is checked with everything else about threads.
func TestTheCallerAddsUpItsChunks(t *testing.T) {
	several := false
	for seed := range uint64(20) {
		n, p, samples, order := draw(t, seed)
		parameters, err := graph.Parameters(n)
		if err != nil {
			t.Fatal(err)
		}
		for threads := 1; threads <= 3; threads++ {
			e, err := New(Options{Threads: threads, forced: true}).Compile(device.NewState(parameters), map[string]*graph.Program{"train": p})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := steps(e, "train", samples, order, device.Settings{"learning_rate": 0.05, "momentum": 0.5}); err != nil {
				t.Fatal(err)
			}
			r := e.(*exec).runners["train"]
			workers := len(r.pool.helpers) + 1
			want := min((r.plan.chunks+workers-1)/workers, r.plan.chunks-1)
			if workers == 1 {
				want = 0
			}
			if r.folded != want {
				t.Errorf("seed %d, %d chunks, %d threads: the sums of %d chunks are added up early, want %d", seed, r.plan.chunks, workers, r.folded, want)
			}
			several = several || r.folded > 1
			e.Close()
		}
	}
	if !several {
		t.Error("no caller adds up anything")
	}
}

// TestRangesOfAPlan checks what goes range by range in a training step: everything
// from the sums of the chunks to the last parameter.
func TestRangesOfAPlan(t *testing.T) {
	found := false
	for seed := range uint64(7) {
		_, p, _, _ := draw(t, seed)
		pl, err := newPlan(p, Options{Threads: 2, ISA: "portable", forced: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, ph := range pl.phases {
			if ph.ranges > pl.chunks && ph.ranges > 1 {
				t.Errorf("seed %d: %d ranges, want at most as many as chunks, %d", seed, ph.ranges, pl.chunks)
			}
			if ph.ranges > 1 && ph.looks == 1 && ph.updates < len(ph.serial) {
				found = true
			}
		}
	}
	if !found {
		t.Error("no random program has a phase that is cut into ranges")
	}
}

// TestUpdatesThatMustNotBeCut checks that a step that reads what others of the
// update change does not go range by range with them.
func TestUpdatesThatMustNotBeCut(t *testing.T) {
	_, p, _, _ := draw(t, 5)
	pl, err := newPlan(p, Options{Threads: 2, ISA: "portable", unfused: true})
	if err != nil {
		t.Fatal(err)
	}
	var steps []*step
	for _, ph := range pl.phases {
		steps = append(steps, ph.serial[ph.updates:]...)
	}
	if len(steps) < 2 {
		t.Fatalf("%d steps of an update, want 2 or more", len(steps))
	}
	last := *steps[1]
	last.in = append(last.in[:len(last.in):len(last.in)], pl.program.States[0].In)
	last.scalars++
	pl.size[pl.program.States[0].In] = 1 // a scalar that the update changes
	if n := pl.ranged([]*step{&last}); n != 0 {
		t.Error("a step that reads a scalar the update changes goes range by range")
	}
	last = *steps[1]
	last.members = 0
	if n := pl.ranged([]*step{steps[0], &last}); n != 1 {
		t.Errorf("%d steps go range by range, want the first", n)
	}
}
