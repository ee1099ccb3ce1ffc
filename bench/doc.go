// Package bench measures how fast this machine trains, beside how fast it could.
//
// Every measurement stands between two looks at the machine's peak: a loop of
// fused multiply-adds on registers, with the same instruction set and on as many
// cores. So "% of peak" compares with what the machine could do at that moment,
// not with what it once could. It is
//
//	2 * multiply-adds / time / peak
//
// with the multiply-adds that summary counts as effective: those of convolutions
// and linear layers without padding, and without the gradient of the images,
// which nobody needs. All else a program does takes time and counts for nothing.
package bench
