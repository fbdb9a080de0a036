package optim

import (
	"math"
	"testing"
)

// TestSchedulesAgainstPyTorch compares with the rates of torch.optim.lr_scheduler
// in PyTorch 2.15. A warm-up over n steps is SequentialLR of LinearLR(1/n,
// total_iters=n-1) and what follows, with the milestone n.
func TestSchedulesAgainstPyTorch(t *testing.T) {
	cosine, steps := Cosine{Rate: 0.4, Total: 20}, Steps{0.3, 0.2, []int{4, 7}}
	for name, c := range map[string]struct {
		schedule Schedule
		want     map[int]float64
	}{
		"CosineAnnealingLR(T_max=20)": {cosine, map[int]float64{
			0: 0.4, 1: 0.3975376681190276, 7: 0.2907980999479094, 10: 0.2,
			19: 0.0024623318809724685, 20: 0,
		}},
		"warm-up over 5, CosineAnnealingLR(T_max=15)": {
			Warmup{5, Cosine{Rate: 0.4, Total: 15}}, map[int]float64{
				0: 0.08, 1: 0.16, 4: 0.4, 5: 0.4, 6: 0.39562952014676117,
				12: 0.22090569265353077, 19: 0.004370479853238864, 20: 0,
			}},
		"MultiStepLR([4, 7], gamma=0.2)": {steps, map[int]float64{
			0: 0.3, 3: 0.3, 4: 0.06, 6: 0.06, 7: 0.012, 9: 0.012,
		}},
		"warm-up over 3, MultiStepLR([4, 7], gamma=0.2)": {Warmup{3, steps}, map[int]float64{
			0: 0.1, 1: 0.2, 2: 0.3, 3: 0.3, 6: 0.3, 7: 0.06, 9: 0.06, 10: 0.012,
		}},
		"OneCycleLR(max_lr=0.01, total_steps=100)": {OneCycle{Rate: 0.01, Total: 100}, map[int]float64{
			0: 0.0004, 1: 0.00042813780565907275, 5: 0.001087085554395571, 29: 0.01,
			30: 0.009994965352845242, 31: 0.009979871550490316, 50: 0.00793893450573275,
			98: 5.07464715475788e-06, 99: 4e-08,
		}},
		"OneCycleLR(0.5, 40, pct_start=0.25, div_factor=10, final_div_factor=100)": {
			OneCycle{Rate: 0.5, Total: 40, Rise: 0.25, Start: 10, End: 100}, map[int]float64{
				0: 0.05, 1: 0.06356916032317061, 3: 0.1625, 9: 0.5, 10: 0.49863184336822625,
				25: 0.2241440162989036, 39: 0.0005,
			}},
	} {
		for step, want := range c.want {
			if got := c.schedule.At(step); math.Abs(got-want) > 1e-9*want+1e-12 {
				t.Errorf("%s: step %d has the rate %v, want %v", name, step, got, want)
			}
		}
	}
}

// Schedules of hardly any steps, and what comes after the last, have rates, too.
func TestSchedulesOfFewSteps(t *testing.T) {
	for total := range 8 {
		for _, s := range []Schedule{
			Constant{1}, Cosine{1, total}, Steps{1, 0.1, []int{total}}, OneCycle{Rate: 1, Total: total},
			Warmup{total, Cosine{1, total}}, Warmup{total, OneCycle{Rate: 1, Total: total}},
		} {
			for step := range 2*total + 3 {
				if rate := s.At(step); !(rate >= 0 && rate <= 1) {
					t.Errorf("%+v: step %d has the rate %v", s, step, rate)
				}
			}
			if first := s.At(0); total > 0 && first == 0 {
				t.Errorf("%+v: nothing is learned in the first step", s)
			}
		}
	}
}
