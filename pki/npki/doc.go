// Package npki is the vocabulary of Korean joint certificates (공동인증서): the
// kinds, names as the field encodes them, the person behind a certificate
// (R, VID, IdentifyData, EncryptedVID) and the encrypted key file.
//
// How do I open somebody's signPri.key and write it back without harm?
//
//	key, how, err := npki.DecryptKey(file, password)
//	file, err = npki.EncryptKey(rand.Reader, key, newPassword, how.Fresh())
//
// The key keeps R and every other attribute on the way, which the usual tools
// drop in silence: without R the owner can no longer prove who they are. Which
// forms are opened docs/forms.md says; OpenKeyFile takes keys in PEM and in
// clear, too. The folder on a disk is package folder's.
package npki
