package engine_test

import (
	"fmt"
	"strings"

	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/nn"
)

// residual is a network with one residual block.
func residual() (*nn.Graph, error) {
	b := nn.NewBuilder()
	x := b.Input(nn.Shape{8, 8, 3})
	x = b.ReLU("relu1", b.BatchNorm("bn1", b.Conv("conv1", x, 16, nn.Kernel(3), nn.Pad(1))))
	y := b.BatchNorm("bn2", b.Conv("conv2", x, 16, nn.Kernel(3), nn.Pad(1)))
	x = b.ReLU("relu2", b.Add("add", y, x))
	return b.Graph(b.Linear("fc", b.Flatten("flatten", b.GlobalAvgPool("pool", x)), 2))
}

func ExampleSteps() {
	graph, err := residual()
	if err != nil {
		fmt.Println(err)
		return
	}
	steps, err := engine.Steps(graph, false)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range steps {
		fmt.Println(strings.Join(step.Layers, " + "))
	}
	// Output:
	// conv1 + bn1 + relu1
	// conv2 + bn2 + add + relu2
	// pool
	// fc
}

func ExampleSession_Activation() {
	graph, err := residual()
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := engine.New(nn.NewWeights(graph, 1), engine.Options{
		MaxBatch: 4, Watch: []string{"add"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	images, labels := make([]float32, 4*graph.Input().Size()), []int32{0, 1, 1, 0}
	s.Train(images, labels, 0)
	fmt.Println(s.Activation("add").Shape(), s.Gradient("add").Shape())
	// Output: (4, 8, 8, 16) (4, 8, 8, 16)
}

func ExampleSession() {
	b := nn.NewBuilder()
	x := b.Input(nn.Shape{2})
	x = b.ReLU("relu1", b.Linear("fc1", x, 16))
	graph, err := b.Graph(b.Linear("fc2", x, 2))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := engine.New(nn.NewWeights(graph, 1), engine.Options{MaxBatch: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	images, labels := []float32{0, 0, 0, 1, 1, 0, 1, 1}, []int32{0, 1, 1, 0} // exclusive or
	for step := range 400 {
		s.Train(images, labels, step)
		for _, p := range s.Learnables() {
			for i, g := range p.Grad {
				p.Value[i] -= 0.5 * g
			}
		}
	}
	fmt.Println(s.Evaluate(images, labels).Correct, "of", len(labels))
	// Output: 4 of 4
}

// A loss of the caller's: least squares.
func ExampleSession_TrainWith() {
	b := nn.NewBuilder()
	graph, err := b.Graph(b.Linear("fc", b.Input(nn.Shape{2}), 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := engine.New(nn.NewWeights(graph, 1), engine.Options{MaxBatch: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	points, heights := []float32{0, 0, 0, 1, 1, 0, 1, 1}, []float32{3, 2, 5, 4} // 2x - y + 3
	for step := range 200 {
		s.TrainWith(points, 4, step, func(outputs []engine.Output) (loss float64) {
			for i, v := range outputs[0].Values {
				d := v - heights[i]
				loss += float64(d * d)
				outputs[0].Gradient[i] += 2 * d / 4
			}
			return loss
		})
		for _, p := range s.Learnables() {
			for i, g := range p.Grad {
				p.Value[i] -= 0.3 * g
			}
		}
	}
	fmt.Printf("%.2f\n", s.Predict(points, 4))
	// Output: [3.00 2.00 5.00 4.00]
}
