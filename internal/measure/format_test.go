package measure

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

type said struct {
	x    float64
	want string
}

var inf = math.Inf(1)

func TestSaid(t *testing.T) {
	for _, c := range []struct {
		name string
		say  func(float64) string
		said []said
	}{
		{"Seconds", Seconds, []said{
			{2.61, "2.61 s"}, {0.038, "38 ms"}, {237e-6, "237 µs"}, {0.21e-6, "0.21 µs"}, {45e-9, "45 ns"}, {0.005, "5 ms"}, {0.0050049, "5 ms"},
			{4.521e-9, "4.52 ns"}, {0.3e-9, "0.3 ns"}, {1e-12, "0.001 ns"}, {99.4e-9, "99 ns"}, {99.6e-9, "0.1 µs"}, {100e-9, "0.1 µs"},
			{0.996e-6, "1 µs"}, {9.996e-6, "10 µs"}, {999.4e-6, "999 µs"}, {999.6e-6, "1 ms"}, {12.34e-3, "12 ms"}, {0.5, "500 ms"}, {0.9994, "999 ms"}, {0.9996, "1 s"},
			{1, "1 s"}, {1.1, "1.1 s"}, {1.999, "2 s"}, {9.87, "9.87 s"}, {60, "60 s"}, {119.4, "119 s"}, {119.6, "2 min"}, {120, "2 min"}, {125, "2 min 5 s"},
			{179.6, "3 min"}, {3600, "60 min"}, {60003, "1,000 min 3 s"}, {0, "0 s"}, {math.Copysign(0, -1), "0 s"},
			{-0.038, "-38 ms"}, {-125, "-2 min 5 s"}, {math.NaN(), "unknown"}, {inf, "unknown"}, {-inf, "unknown"},
		}},
		{"Times", Times, []said{
			{1.02, "1.02×"}, {0.51, "0.51×"}, {9.2, "9.2×"}, {14, "14×"}, {1200, "1,200×"}, {1234, "1,200×"}, {1, "1×"}, {1.1, "1.1×"}, {0.996, "1×"}, {0.994, "0.99×"},
			{1.994, "1.99×"}, {1.996, "2×"}, {2.04, "2×"}, {2.06, "2.1×"}, {9.96, "10×"}, {99.6, "100×"}, {137, "140×"}, {0.0512, "0.051×"}, {1e-5, "0.00001×"},
			{0, "0×"}, {math.Copysign(0, -1), "0×"}, {-1.02, "-1.02×"}, {-1234, "-1,200×"}, {math.NaN(), "unknown"}, {inf, "unknown"}, {-inf, "unknown"},
		}},
		{"Bytes", Bytes, []said{
			{939, "939 B"}, {2.7 * 1024, "2.7 KiB"}, {16 << 10, "16 KiB"}, {8 << 20, "8 MiB"}, {0.25, "0.25 B"}, {2.5, "2.5 B"}, {16.4, "16 B"}, {99.6, "100 B"},
			{1023, "1,023 B"}, {1023.6, "1 KiB"}, {1024, "1 KiB"}, {1000 << 10, "1,000 KiB"}, {1023.6 * 1024, "1 MiB"}, {9.96 * 1024, "10 KiB"}, {939.6 * 1024, "940 KiB"},
			{3 << 30, "3 GiB"}, {1 << 40, "1 TiB"}, {5000 << 40, "5,000 TiB"}, {0, "0 B"}, {math.Copysign(0, -1), "0 B"}, {-2.7 * 1024, "-2.7 KiB"},
			{math.NaN(), "unknown"}, {inf, "unknown"}, {-inf, "unknown"},
		}},
		{"Count", Count, []said{
			{57, "57"}, {1543428, "1,543,428"}, {999.4, "999"}, {999.5, "1,000"}, {0.4, "0"}, {-0.4, "0"}, {0, "0"}, {-57, "-57"}, {-123456, "-123,456"}, {-1234567, "-1,234,567"},
			{1e15, "1,000,000,000,000,000"}, {math.NaN(), "unknown"}, {inf, "unknown"}, {-inf, "unknown"},
		}},
	} {
		for _, s := range c.said {
			require.Equal(t, s.want, c.say(s.x), "%s(%v)", c.name, s.x)
		}
		for _, x := range []float64{math.MaxFloat64, math.SmallestNonzeroFloat64} {
			require.NotContains(t, c.say(x), "Inf", c.name)
		}
	}
}
