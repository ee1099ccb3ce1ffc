package train

import "time"

// pace is how many samples a call to the device gets: enough to make the call's
// cost disappear, few enough to notice a cancelled context soon. Cutting an order
// at other multiples of the batch changes no bit.
type pace struct{ samples, batch int }

// soon is how long a call should take at most.
const soon = 200 * time.Millisecond

func newPace(batch int) *pace { return &pace{max(1, 2048/batch) * batch, batch} }

// time calls f for so many samples, and asks for fewer next time when it was slow.
func (p *pace) time(f func() error) error {
	begin := time.Now()
	err := f()
	if time.Since(begin) > soon {
		p.samples = max(1, p.samples/p.batch/2) * p.batch
	}
	return err
}
