package kernel

import "testing"

func BenchmarkPeak(b *testing.B) {
	for _, isa := range Available() {
		b.Run(string(isa), func(b *testing.B) {
			done := 0
			for b.Loop() {
				done += isa.Peak(10000)
			}
			b.ReportMetric(float64(done)/b.Elapsed().Seconds()/1e9, "Gmac/s")
		})
	}
}
