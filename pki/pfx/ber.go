package pfx

import "fmt"

// toDER rewrites the BER that files of the field use: indefinite lengths,
// lengths with leading zeros, OCTET STRINGs in pieces. What stands inside an
// OCTET STRING is left as it is. in must hold one element and nothing else; when
// it has nothing of the kind it comes back itself, so that no copies of a key
// are made.
func toDER(in []byte) ([]byte, error) {
	if len(in) > MaxSize {
		return nil, ErrTooLarge
	}
	if rest, ok := skipDER(in, 0); ok && len(rest) == 0 {
		return in, nil
	}
	out, rest, err := element(nil, in, 0)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%w: %d bytes behind the end", ErrFormat, len(rest))
	}
	return out, nil
}

// skipDER goes over the first element of in when nothing in it needs rewriting.
func skipDER(in []byte, depth int) (rest []byte, ok bool) {
	tag, content, rest, indefinite, err := header(in)
	if err != nil || indefinite || depth > maxDepth || tag == 0x24 ||
		len(in)-len(content)-len(rest) != len(appendHeader(nil, tag, len(content))) {
		return nil, false
	}
	if tag&0x20 == 0 {
		return rest, true
	}
	for ok = true; ok && len(content) > 0; {
		content, ok = skipDER(content, depth+1)
	}
	return rest, ok
}

// element rewrites the first element of in behind out. Each level copies what
// is inside once, so the work is bounded by size times depth.
func element(out, in []byte, depth int) (done, rest []byte, err error) {
	tag, content, rest, indefinite, err := header(in)
	if err != nil {
		return nil, nil, err
	}
	if depth > maxDepth {
		return nil, nil, fmt.Errorf("%w: nested too deep", ErrFormat)
	}
	if tag&0x20 == 0 {
		return append(appendHeader(out, tag, len(content)), content...), rest, nil
	}
	var inside []byte
	if !indefinite { // else content is all that follows, and each of many would take room for it
		inside = make([]byte, 0, len(content))
	}
	for {
		if indefinite && len(content) >= 2 && content[0] == 0 && content[1] == 0 {
			rest = content[2:]
			break
		}
		if !indefinite && len(content) == 0 {
			break
		}
		if tag == 0x24 {
			inside, content, err = piece(inside, content, depth+1)
		} else {
			inside, content, err = element(inside, content, depth+1)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if tag == 0x24 {
		tag = 0x04
	}
	return append(appendHeader(out, tag, len(inside)), inside...), rest, nil
}

// piece adds the content of one piece of an OCTET STRING.
func piece(out, in []byte, depth int) (done, rest []byte, err error) {
	if len(in) == 0 || in[0]&^0x20 != 0x04 {
		return nil, nil, fmt.Errorf("%w: piece of another type in an OCTET STRING", ErrFormat)
	}
	whole, rest, err := element(nil, in, depth)
	if err != nil {
		return nil, nil, err
	}
	_, content, _, _, err := header(whole)
	return append(out, content...), rest, err
}

// header takes tag and length off. With an indefinite length the content is
// all that follows, and rest is nil.
func header(in []byte) (tag byte, content, rest []byte, indefinite bool, err error) {
	if len(in) < 2 {
		return 0, nil, nil, false, fmt.Errorf("%w: cut off", ErrFormat)
	}
	tag, length, in := in[0], int(in[1]), in[2:]
	switch {
	case tag&0x1f == 0x1f || tag == 0:
		return 0, nil, nil, false, fmt.Errorf("%w: tag %#x", ErrFormat, tag)
	case length == 0x80:
		if tag&0x20 == 0 {
			return 0, nil, nil, false, fmt.Errorf("%w: indefinite length of a primitive", ErrFormat)
		}
		return tag, in, nil, true, nil
	case length > 0x80:
		n := length & 0x7f
		if n > 8 || n > len(in) {
			return 0, nil, nil, false, fmt.Errorf("%w: length", ErrFormat)
		}
		length = 0
		for _, b := range in[:n] {
			if length = length<<8 | int(b); length > MaxSize {
				return 0, nil, nil, false, fmt.Errorf("%w: length", ErrFormat)
			}
		}
		in = in[n:]
	}
	if length > len(in) {
		return 0, nil, nil, false, fmt.Errorf("%w: cut off", ErrFormat)
	}
	return tag, in[:length], in[length:], false, nil
}

func appendHeader(b []byte, tag byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(b, tag, byte(n))
	case n < 0x100:
		return append(b, tag, 0x81, byte(n))
	case n < 0x10000:
		return append(b, tag, 0x82, byte(n>>8), byte(n))
	}
	return append(b, tag, 0x83, byte(n>>16), byte(n>>8), byte(n))
}
