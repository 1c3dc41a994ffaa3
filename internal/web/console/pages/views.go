package pages

// Failure is the page of a refusal that has no form to go back to.
type Failure struct {
	Frame
	Status int
}

func (Failure) template() string { return "failure" }
