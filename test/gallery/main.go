// Command gallery serves every page in every state, of the portal and the
// console, without a database:
//
//	go run ./test/gallery            # http://127.0.0.1:8490/
//	go run ./test/gallery -listen 127.0.0.1:0
//
// The first line of its output is the address.
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/ingam-pki/ingam/internal/web/assets"
	desk "github.com/ingam-pki/ingam/internal/web/console/gallery"
	"github.com/ingam-pki/ingam/internal/web/kit/sheets"
	"github.com/ingam-pki/ingam/internal/web/kit/shots"
	"github.com/ingam-pki/ingam/internal/web/portal/gallery"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8490", "where to listen")
	flag.Parse()
	if err := serve(*listen); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func everything() (*shots.Gallery, error) {
	files, err := assets.New()
	if err != nil {
		return nil, err
	}
	customers, err := gallery.Scenes(files, time.Now)
	if err != nil {
		return nil, err
	}
	staff, err := desk.Scenes(files)
	if err != nil {
		return nil, err
	}
	return shots.New(files, sheets.Policy, append(customers, staff...))
}

func serve(listen string) error {
	pages, err := everything()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	fmt.Println("http://" + listener.Addr().String() + "/")
	server := &http.Server{Handler: pages, ReadHeaderTimeout: 10 * time.Second}
	return server.Serve(listener)
}
