// Package terminal is how a program of ingam speaks on a terminal: tables
// that fit 80 columns although Korean letters are two columns wide, prompts
// that hide secrets and give the terminal back after Ctrl-C, a sign of life
// for what takes longer, dates and fingerprints as people read them.
//
// Nothing here looks at the environment or the clock: the program passes in
// its streams, what it may colour and what time it is.
package terminal
