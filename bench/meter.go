package bench

import (
	"context"
	"time"

	"gradus/internal/kernel"
)

// Timing is what was measured of one thing.
type Timing struct {
	Threads int    `json:"threads"`
	Seconds Spread `json:"seconds"`
	// GFLOPS is 1e9 floating-point operations per second at the median time.
	GFLOPS float64 `json:"gflops"`
	// Percent is the share of the peak of as many cores at that moment.
	Percent Spread `json:"percent_of_peak"`
}

// job is something to be measured.
type job struct {
	threads      int
	multiplyAdds int // of one go
	// run does one go or several and returns the seconds of one.
	run func() (float64, error)
}

// meter measures jobs.
type meter struct {
	isa      kernel.ISA
	samples  int           // of each job
	budget   time.Duration // after which a job has enough samples, however few
	atLeast  time.Duration // that a sample of something short takes
	profiled time.Duration // that a profile takes
	// looks are the peaks of one core that were seen.
	looks []float64
}

// fewest is the number of samples a median needs.
const fewest = 3

func newMeter(isa kernel.ISA, quick bool) *meter {
	if quick {
		return &meter{isa: isa, samples: fewest, atLeast: time.Millisecond}
	}
	return &meter{isa: isa, samples: 9, budget: 6 * time.Second, atLeast: 8 * time.Millisecond, profiled: time.Second}
}

// measure takes the samples of several jobs in turns, so that a machine that
// changes its speed changes that of all of them. The first go of each is not
// counted.
func (m *meter) measure(ctx context.Context, jobs []job) ([]Timing, error) {
	seconds, percent := make([][]float64, len(jobs)), make([][]float64, len(jobs))
	begin := time.Now()
	for round := 0; round <= m.samples; round++ {
		if round > fewest && time.Since(begin) > m.budget {
			break
		}
		for i, j := range jobs {
			if err := context.Cause(ctx); err != nil {
				return nil, err
			}
			before := m.peak(j.threads)
			s, err := j.run()
			if err != nil {
				return nil, err
			}
			after := m.peak(j.threads)
			if round > 0 {
				seconds[i] = append(seconds[i], s)
				percent[i] = append(percent[i], 100*2*float64(j.multiplyAdds)/s/((before+after)/2))
			}
		}
	}
	timings := make([]Timing, len(jobs))
	for i, j := range jobs {
		s := spreadOf(seconds[i])
		timings[i] = Timing{j.threads, s, 2 * float64(j.multiplyAdds) / s.Median / giga, spreadOf(percent[i])}
	}
	return timings, nil
}

// peak looks at the peak and remembers that of one core.
func (m *meter) peak(threads int) float64 {
	p := peak(m.isa, threads)
	if threads == 1 {
		m.looks = append(m.looks, p)
	}
	return p
}

// repeated makes a job's run of something short: as many goes as fill a sample.
func (m *meter) repeated(f func() error) func() (float64, error) {
	goes := 0 // not known yet
	return func() (float64, error) {
		if goes == 0 {
			if _, err := timed(1, f); err != nil { // finds nothing in the caches
				return 0, err
			}
			once, err := timed(1, f)
			if err != nil {
				return 0, err
			}
			goes = 1 + int(m.atLeast/max(once, 1))
		}
		took, err := timed(goes, f)
		return took.Seconds() / float64(goes), err
	}
}

func timed(goes int, f func() error) (time.Duration, error) {
	begin := time.Now()
	for range goes {
		if err := f(); err != nil {
			return 0, err
		}
	}
	return time.Since(begin), nil
}
