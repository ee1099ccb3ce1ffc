package cpu

import (
	"fmt"
	"math"
	"slices"

	"gradus/graph"
)

// allocate gives every value its place.
func (pl *plan) allocate(s schedule) error {
	for i, st := range pl.program.States {
		pl.place[st.In] = place{space: state, slot: i}
	}
	life := pl.lifetimes()
	if err := pl.allocateScratch(s, life); err != nil {
		return err
	}
	return pl.allocateShared(s, life)
}

// lifetime is the ticks between which a value is needed.
type lifetime struct{ first, last int }

const forever = math.MaxInt

// lifetimes counts ticks: one per chunked step, one for adding up the sums of
// the chunks, one per serial step.
func (pl *plan) lifetimes() []lifetime {
	p := pl.program
	life := make([]lifetime, len(p.Values))
	for id := range life {
		life[id] = lifetime{-1, -1}
	}
	steps := map[graph.ID]*step{}
	tick := 0
	pl.ticks = make([]int, len(p.Nodes))
	visit := func(st *step, made int) {
		pl.ticks[st.node] = tick
		for _, id := range st.results() {
			life[id] = lifetime{made, made}
		}
		for _, id := range st.in {
			life[id].last = max(life[id].last, tick)
			steps[id] = st
		}
	}
	for i := range pl.phases {
		ph := &pl.phases[i]
		for _, in := range ph.gathers {
			life[in.value] = lifetime{tick, tick}
		}
		tick++
		addUp := tick + len(ph.chunked)
		for _, st := range ph.chunked {
			made := tick
			if st.class == reduced {
				made = addUp
			}
			visit(st, made)
			tick++
		}
		tick++
		for _, st := range ph.serial {
			visit(st, tick)
			tick++
		}
	}
	for _, in := range p.Inputs {
		if in.Feed != graph.Sample {
			life[in.Value].last = forever // set once for many steps
		}
	}
	for _, c := range pl.constants {
		life[c.id].last = forever
	}
	for _, o := range p.Outputs {
		life[o.Value].last = forever
	}
	if p.Guard != graph.None {
		life[p.Guard].last = forever
	}
	for _, st := range p.States {
		life[st.Out].last = forever
	}
	for id, st := range steps {
		if life[id].last != forever {
			st.dead = append(st.dead, id)
		}
	}
	return life
}

// allocateScratch places the values that are made and read by one chunk in one
// phase.
func (pl *plan) allocateScratch(s schedule, life []lifetime) error {
	intervals, own := map[graph.ID]*interval{}, map[*step]*interval{}
	var list []*interval
	add := func(id graph.ID) {
		if s.crosses[id] || !pl.program.Values[id].Batched {
			return
		}
		v := &interval{fmt.Sprintf("%%%d", id), life[id].first, life[id].last, pl.size[id] * chunkGroups(pl.groups), 0}
		intervals[id] = v
		list = append(list, v)
	}
	// result places a result, over an operand where that is allowed.
	result := func(st *step, id graph.ID, inPlace int) {
		if inPlace > 0 && !s.crosses[id] && st.once(inPlace-1) {
			from := st.in[inPlace-1]
			if v, ok := intervals[from]; ok && v.last == life[id].first && pl.size[from] == pl.size[id] {
				v.last = life[id].last
				intervals[id] = v
				return
			}
		}
		add(id)
	}
	for _, ph := range pl.phases {
		for _, in := range ph.gathers {
			add(in.value)
		}
		for _, st := range ph.chunked {
			if st.scratch > 0 {
				tick := pl.ticks[st.node]
				own[st] = &interval{fmt.Sprintf("scratch of %%%d", st.out), tick, tick, st.scratch, 0}
				list = append(list, own[st])
			}
			if st.class == mapped {
				result(st, st.out, st.inPlace)
			}
			for i, id := range st.also {
				result(st, id, st.alsoInPlace[i])
			}
		}
	}
	pl.scratch = arrange(list)
	for id, v := range intervals {
		pl.place[id] = place{space: scratch, offset: v.offset}
	}
	for st, v := range own {
		st.scratchAt = v.offset
	}
	return checkOverlap(list)
}

// allocateShared places what outlives a chunked part, and the sums per chunk.
func (pl *plan) allocateShared(s schedule, life []lifetime) error {
	var list []*interval
	var then []func()
	add := func(what string, first, last, size int, set func(offset int)) {
		for i := range pl.phases {
			first, last = pl.updateTicks(i, first, last)
		}
		v := &interval{what, first, last, size, 0}
		list = append(list, v)
		then = append(then, func() { set(v.offset) })
	}
	updated := pl.updatesInPlace(life)
	for i := range pl.phases {
		ph := &pl.phases[i]
		begin, addUp := pl.chunkedTicks(i, life)
		keep := func(st *step, id graph.ID) {
			if slot, ok := updated[id]; ok {
				pl.place[id] = place{space: state, slot: slot}
				return
			}
			size, kind, from := pl.size[id], shared, life[id].first
			if pl.program.Values[id].Batched {
				if !s.crosses[id] {
					return
				}
				size, kind, from = size*pl.groups, kept, min(from, begin)
				if st.class == whole {
					from = life[id].first
				}
			}
			add(fmt.Sprintf("%%%d", id), from, life[id].last, size, func(o int) { pl.place[id] = place{space: kind, offset: o} })
		}
		for _, st := range slices.Concat(ph.chunked, ph.serial) {
			if n := roundUp(st.scratch) * pl.workers(st); st.class == whole && n > 0 {
				tick := pl.ticks[st.node]
				add(fmt.Sprintf("scratch of %%%d", st.out), tick, tick, n, func(o int) { st.scratchAt = o })
			}
			if st.class == reduced {
				continue
			}
			for _, id := range st.results() {
				keep(st, id)
			}
		}
		for _, s := range ph.stretches {
			first, last := s.span(life)
			if pl.chunks == 1 {
				first = begin // the only chunk adds onto the results themselves
			}
			add(fmt.Sprintf("sum %%%d", s.steps[0].out), first, last, s.size, func(o int) {
				s.offset = o
				for _, st := range s.steps {
					pl.place[st.out] = place{space: shared, offset: o + st.at}
				}
			})
			if pl.chunks > 1 {
				add(fmt.Sprintf("sums of %%%d", s.steps[0].out), begin, addUp, s.size*pl.chunks, func(o int) { s.partial = o })
			}
		}
	}
	for _, in := range pl.program.Inputs {
		id, size, kind := in.Value, pl.size[in.Value], shared
		if pl.program.Values[id].Batched {
			if !s.crosses[id] {
				continue
			}
			size, kind = size*pl.groups, kept
		}
		add("input "+in.Name, -1, forever, size, func(o int) { pl.place[id] = place{space: kind, offset: o} })
	}
	for _, c := range pl.constants {
		add(fmt.Sprintf("constant %%%d", c.id), -1, forever, pl.size[c.id], func(o int) { pl.place[c.id] = place{space: shared, offset: o} })
	}
	for slot, st := range pl.program.States {
		if _, ok := updated[st.Out]; ok || st.Out == st.In {
			continue
		}
		pl.copies = append(pl.copies, stateCopy{from: st.Out, slot: slot})
		i := len(pl.copies) - 1
		add("next "+st.Name, forever, forever, pl.size[st.Out], func(o int) { pl.copies[i].temporary = o })
	}
	pl.shared = arrange(list)
	if total := pl.shared + pl.scratch*pl.chunks; total > maxMemory/4 {
		return fmt.Errorf("batch: expected one that needs at most %d GiB of memory, got %d samples that need %.1f GiB; use a smaller batch or network",
			maxMemory>>30, pl.batch, float64(total)*4/(1<<30))
	}
	for _, set := range then {
		set()
	}
	return checkOverlap(list)
}

// chunkedTicks is when a phase's chunked part begins and when its sums are
// added up. Chunks run side by side, so what they share is needed throughout.
func (pl *plan) chunkedTicks(phase int, life []lifetime) (begin, addUp int) {
	for i := range phase {
		begin += 2 + len(pl.phases[i].chunked) + len(pl.phases[i].serial)
	}
	return begin, begin + 1 + len(pl.phases[phase].chunked)
}

// updateTicks widens a lifetime that begins or ends while a phase's steps go range
// by range: one thread may have done all of them when another begins.
func (pl *plan) updateTicks(phase, first, last int) (int, int) {
	ph := &pl.phases[phase]
	if rest := ph.serial[ph.updates:]; len(rest) > 0 {
		begin, end := pl.ticks[rest[0].node], pl.ticks[rest[len(rest)-1].node]
		if first > begin && first <= end {
			first = begin
		}
		if last >= begin && last < end {
			last = end
		}
	}
	return first, last
}

// updatesInPlace finds the new values of states that can be written over the
// old ones: those whose operation allows it, runs after the guard, and is the
// last to read the old value.
func (pl *plan) updatesInPlace(life []lifetime) map[graph.ID]int {
	updated := map[graph.ID]int{}
	guard := -1
	if g := pl.program.Guard; g != graph.None {
		guard = life[g].first
	}
	for slot, st := range pl.program.States {
		if st.Out == st.In {
			continue
		}
		for _, ph := range pl.phases {
			for _, s := range ph.serial {
				at := life[s.out].first
				i := slices.Index(s.results(), st.Out)
				if i >= 0 && s.over(i) == st.In && at > guard && life[st.In].last == at {
					if _, taken := updated[st.Out]; !taken {
						updated[st.Out] = slot
					}
				}
			}
		}
	}
	return updated
}
