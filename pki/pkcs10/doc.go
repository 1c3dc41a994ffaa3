// Package pkcs10 makes and checks certification requests (RFC 2986).
//
// How does a CA know that the key, R and the application belong together? The
// customer's side puts the CA's challenge for the application and the
// EncryptedVID into the request's attributes and signs the whole with the new
// key. Parse checks that signature before it returns anything, so one who
// holds a Request knows that the sender holds the key and has answered for
// both attributes with it. The subject is left empty: the CA takes it from
// what it has proved itself.
package pkcs10
