package bench

import (
	"slices"
	"sync"
	"time"

	"gradus/internal/kernel"
)

// A look at the peak is looks calls of rounds rounds each, about a millisecond
// in all. What interrupts a call disturbs that call only: a look is the median
// of its calls.
const (
	rounds = 10_000
	looks  = 24
)

// peak is how many floating-point operations per second so many cores do at
// once, each in its registers only. A multiply-add is two operations.
func peak(isa kernel.ISA, cores int) float64 {
	speeds := make([]float64, cores)
	var others sync.WaitGroup
	for i := 1; i < cores; i++ {
		others.Go(func() { speeds[i] = look(isa) })
	}
	speeds[0] = look(isa)
	others.Wait()
	sum := 0.0
	for _, s := range speeds {
		sum += s
	}
	return sum
}

func look(isa kernel.ISA) float64 {
	speeds := make([]float64, looks)
	for i := range speeds {
		begin := time.Now()
		n := isa.Peak(rounds)
		speeds[i] = 2 * float64(n) / time.Since(begin).Seconds()
	}
	slices.Sort(speeds)
	return quantile(speeds, 0.5)
}

// Peak is what the cores do at most with one instruction set, in 1e9
// floating-point operations per second.
type Peak struct {
	ISA   string `json:"isa"`
	Cores int    `json:"cores"` // at once
	Speed Spread `json:"gflops"`
}

// peaks looks at every instruction set of the machine, with one core and with
// several.
func (m *meter) peaks(threads []int) []Peak {
	var list []Peak
	for _, isa := range kernel.Available() {
		for _, cores := range threads {
			var speeds []float64
			for range m.samples + 1 {
				speeds = append(speeds, peak(isa, cores)/giga)
			}
			list = append(list, Peak{string(isa), cores, spreadOf(speeds[1:])}) // the first wakes the core up
		}
	}
	return list
}

const giga = 1e9
