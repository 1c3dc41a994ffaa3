// Package npki is the vocabulary of Korean joint certificates (공동인증서).
package npki
