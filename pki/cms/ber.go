package cms

import "fmt"

// toDER rewrites what BER allows and DER does not where messages in the field
// use it: indefinite lengths, lengths with leading zeros, and OCTET STRINGs in
// pieces. A message that has none of it comes back as it is, so bytes that are
// signed are never touched. Order in SETs stays as it was.
func toDER(in []byte) ([]byte, error) {
	if len(in) > MaxSize {
		return nil, ErrTooLarge
	}
	w := walker{in: in}
	end, _, err := w.measure(0, len(in), 0, false)
	if err != nil {
		return nil, err
	}
	if end != len(in) {
		return nil, fmt.Errorf("%w: %d bytes after the message", ErrFormat, len(in)-end)
	}
	if !w.changes {
		return in, nil
	}
	out := make([]byte, 0, len(in))
	return w.emit(out), nil
}

// walker goes over a message twice: measure checks it and keeps what emit
// needs of each element, in the order of the message.
type walker struct {
	in       []byte
	elements []element
	changes  bool
	next     int // emit's place in elements
}

type element struct {
	tag     byte
	start   int  // of the content in the input
	end     int  // after the content and its end-of-contents
	size    int  // of the content as DER
	nested  bool // elements follow as children
	pieces  bool // an OCTET STRING in pieces: children give content only
	lastKid int  // index after the last descendant
}

// measure reads one element at pos, which must end by limit. It gives where
// the element ends and its content's size as DER.
func (w *walker) measure(pos, limit, depth int, inPieces bool) (end, size int, err error) {
	if depth > MaxDepth {
		return 0, 0, ErrTooDeep
	}
	if len(w.elements) == MaxElements {
		return 0, 0, fmt.Errorf("%w: elements", ErrTooMany)
	}
	tag, length, start, err := w.header(pos, limit)
	if err != nil {
		return 0, 0, err
	}
	if inPieces && tag&^0x20 != 0x04 {
		return 0, 0, fmt.Errorf("%w: piece of another type in an OCTET STRING", ErrFormat)
	}
	me := len(w.elements)
	e := element{tag: tag, start: start, nested: tag&0x20 != 0, pieces: tag == 0x24}
	w.elements = append(w.elements, e)
	switch {
	case !e.nested:
		e.size, e.end = length, start+length
	default:
		if e.pieces {
			w.changes = true
		}
		if e.end, e.size, err = w.children(e, length, limit, depth); err != nil {
			return 0, 0, err
		}
	}
	e.lastKid = len(w.elements)
	w.elements[me] = e
	return e.end, e.size, nil
}

// children measures what is inside; length is -1 when indefinite.
func (w *walker) children(e element, length, limit, depth int) (end, size int, err error) {
	pos := e.start
	if length >= 0 {
		limit = e.start + length
	}
	for {
		if length >= 0 && pos == limit {
			return pos, size, nil
		}
		if length < 0 && limit-pos >= 2 && w.in[pos] == 0 && w.in[pos+1] == 0 {
			return pos + 2, size, nil
		}
		kid := len(w.elements)
		kidEnd, kidSize, err := w.measure(pos, limit, depth+1, e.pieces)
		if err != nil {
			return 0, 0, err
		}
		pos = kidEnd
		size += kidSize
		if !e.pieces {
			size += headerSize(w.elements[kid].size)
		}
	}
}

// header reads tag and length; start is where the content begins.
func (w *walker) header(pos, limit int) (tag byte, length, start int, err error) {
	if limit-pos < 2 {
		return 0, 0, 0, fmt.Errorf("%w: cut off", ErrFormat)
	}
	tag, first := w.in[pos], w.in[pos+1]
	if tag&0x1f == 0x1f || tag == 0 {
		return 0, 0, 0, fmt.Errorf("%w: tag %#x", ErrFormat, tag)
	}
	start = pos + 2
	switch {
	case first < 0x80:
		length = int(first)
	case first == 0x80:
		if tag&0x20 == 0 {
			return 0, 0, 0, fmt.Errorf("%w: indefinite length of a primitive", ErrFormat)
		}
		w.changes = true
		return tag, -1, start, nil
	default:
		n := int(first & 0x7f)
		if n > 8 || limit-start < n {
			return 0, 0, 0, fmt.Errorf("%w: length", ErrFormat)
		}
		for _, b := range w.in[start : start+n] {
			length = length<<8 | int(b)
			if length > MaxSize {
				return 0, 0, 0, fmt.Errorf("%w: length", ErrFormat)
			}
		}
		start += n
		if headerSize(length) != 2+n {
			w.changes = true
		}
	}
	if length > limit-start {
		return 0, 0, 0, fmt.Errorf("%w: cut off", ErrFormat)
	}
	return tag, length, start, nil
}

// emit writes the next element as DER.
func (w *walker) emit(out []byte) []byte {
	e := w.elements[w.next]
	w.next++
	tag := e.tag
	if e.pieces {
		tag = 0x04
	}
	out = appendLength(append(out, tag), e.size)
	return w.emitContent(out, e)
}

func (w *walker) emitContent(out []byte, e element) []byte {
	if !e.nested {
		return append(out, w.in[e.start:e.start+e.size]...)
	}
	for w.next < e.lastKid {
		if e.pieces {
			kid := w.elements[w.next]
			w.next++
			out = w.emitContent(out, kid)
			continue
		}
		out = w.emit(out)
	}
	return out
}

func headerSize(n int) int {
	switch {
	case n < 0x80:
		return 2
	case n < 0x100:
		return 3
	case n < 0x10000:
		return 4
	case n < 0x1000000:
		return 5
	}
	return 6
}

func appendLength(b []byte, n int) []byte {
	switch headerSize(n) {
	case 2:
		return append(b, byte(n))
	case 3:
		return append(b, 0x81, byte(n))
	case 4:
		return append(b, 0x82, byte(n>>8), byte(n))
	case 5:
		return append(b, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(b, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}
