package measure

import (
	"fmt"
	"math"
	"strconv"
)

// unknown is what is said of a value that is infinite, or no number.
const unknown = "unknown"

// A unit is one, and the value from which on the next larger one is better.
type unit struct {
	name        string
	size, limit float64
}

// Below a tenth of a microsecond is said in nanoseconds: 0.21 µs, but 45 ns.
var timeUnits = []unit{{"ns", 1e-9, 100}, {"µs", 1e-6, 1000}, {"ms", 1e-3, 1000}, {"s", 1, 120}}

var byteUnits = []unit{
	{"B", 1, 1024}, {"KiB", 1 << 10, 1024}, {"MiB", 1 << 20, 1024}, {"GiB", 1 << 30, 1024}, {"TiB", 1 << 40, math.Inf(1)},
}

// Seconds says a time in the unit that suits it, with two or three significant
// digits: 45 ns, 0.21 µs, 237 µs, 38 ms, 2.61 s. From 120 s on it is in minutes
// and whole seconds: 2 min 5 s.
func Seconds(s float64) string {
	if s < 0 && finite(s) {
		return "-" + Seconds(-s)
	}
	if s == 0 {
		return "0 s"
	}
	text := inUnits(s, timeUnits, func(x float64) float64 {
		if x < 1 {
			return rounded(x, 2)
		}
		return whole(x, 3)
	})
	if text != "" {
		return text
	}
	s = math.Round(s)
	text = Count(math.Floor(s/60)) + " min"
	if rest := math.Mod(s, 60); rest > 0 {
		text += fmt.Sprintf(" %.0f s", rest)
	}
	return text
}

// Seconds says the median, a time in seconds.
func (e Estimate) Seconds() string { return Seconds(e.Median) }

// Bytes says a size in the unit that suits it, as a whole number from 10 on and
// with two significant digits below: 939 B, 2.7 KiB, 16 KiB, 8 MiB.
func Bytes(b float64) string {
	if b < 0 && finite(b) {
		return "-" + Bytes(-b)
	}
	return inUnits(b, byteUnits, func(x float64) float64 { return whole(x, 2) })
}

// inUnits says a value in the first unit in which it stays below the limit,
// once it is rounded; or "" if there is none.
func inUnits(x float64, units []unit, round func(float64) float64) string {
	if !finite(x) {
		return unknown
	}
	for _, u := range units {
		if in := round(x / u.size); in < u.limit {
			return plain(in) + " " + u.name
		}
	}
	return ""
}

// Times says how many times something is another: 0.51×, 1.02×, 9.2×, 14×,
// 1,200×. It has two significant digits, and from 1 to 2, where hundredths
// matter, three.
func Times(x float64) string {
	if !finite(x) {
		return unknown
	}
	if size := math.Abs(x); 1 <= size && size < 2 {
		return plain(rounded(x, 3)) + "×"
	}
	return plain(rounded(x, 2)) + "×"
}

// Count says a number of things, which is rounded to a whole one: 57, 1,543,428.
func Count(x float64) string {
	if !finite(x) {
		return unknown
	}
	return plain(math.Round(x))
}

// rounded rounds to so many significant digits, in decimal.
func rounded(x float64, n int) float64 {
	if y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', n-1, 64), 64); err == nil {
		return y
	}
	return x // the largest there are, which cannot be rounded up
}

// whole rounds to a whole number from 10 on, and to so many significant digits
// below.
func whole(x float64, n int) float64 {
	if math.Abs(x) >= 10 {
		return math.Round(x)
	}
	return rounded(x, n)
}

// plain writes a number with the decimals that it has, and its thousands apart.
func plain(x float64) string {
	if x == 0 {
		x = 0 // not -0
	}
	return grouped(strconv.FormatFloat(x, 'f', -1, 64))
}
