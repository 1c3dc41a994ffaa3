package life_test

// The model's own calendar: moments are microseconds since 1970 in UTC, days
// are counted from 1970-01-01 in Seoul, nine hours ahead. It shares nothing
// with the service, not even package time.

type moment int64

const (
	microsecond moment = 1
	second             = 1_000_000 * microsecond
	minute             = 60 * second
	hour               = 60 * minute
	aDay               = 24 * hour
)

func dayOf(m moment) int64 { return floor(int64(m+9*hour), int64(aDay)) }

func startOf(day int64) moment { return moment(day)*aDay - 9*hour }

// endOf is the last second of a day.
func endOf(day int64) moment { return startOf(day+1) - second }

func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func leap(year int64) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysIn(year, month int64) int64 {
	switch month {
	case 2:
		if leap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// monthsLater counts day by day and month by month: slow and plain.
func monthsLater(day, months int64) int64 {
	year, month, left := int64(1970), int64(1), day
	for left >= daysIn(year, month) {
		left -= daysIn(year, month)
		year, month = next(year, month)
	}
	first := day - left
	for range months {
		first += daysIn(year, month)
		year, month = next(year, month)
	}
	return first + min(left, daysIn(year, month)-1)
}

func next(year, month int64) (int64, int64) {
	if month == 12 {
		return year + 1, 1
	}
	return year, month + 1
}
