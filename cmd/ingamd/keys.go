package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/server"
)

func (p *program) keysCommand() *cobra.Command {
	var rotating, sealing where
	rotate := &cobra.Command{
		Use: "rotate --data DIR", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("데이터 키를 새로 만들어요", "make a new data key"),
		Long: p.say("새 데이터 키를 만들어 ring.json에 더해요. 그다음 서비스를 모두 다시 시작하고 ‘ingamd keys reencrypt’를 실행해 주세요. 다시 시작하지 않은 서비스는 새 키로 잠근 것을 읽지 못해요.",
			"Adds a new data key to ring.json. Then restart every instance of the service and run “ingamd keys reencrypt”: one that was not restarted can't read what the new key seals."),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.rotate(cmd.Context(), &rotating) },
	}
	reencrypt := &cobra.Command{
		Use: "reencrypt --data DIR", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("옛 데이터 키로 잠근 것을 새 키로 다시 잠그고 옛 키를 버려요", "seal everything by the newest data key and drop the old ones"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.reencrypt(cmd.Context(), &sealing) },
	}
	rotating.register(p, rotate)
	sealing.register(p, reencrypt)
	return p.group("keys", "데이터 키를 다뤄요", "data keys", rotate, reencrypt)
}

func (p *program) rotate(ctx context.Context, w *where) (err error) {
	k, err := p.keyRing(ctx, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	id, err := k.Rotate(ctx, server.Operator(p.user))
	if err != nil {
		return err
	}
	if p.json {
		return p.printJSON(map[string]any{"key": id.String(), "keys": len(k.Ring.Keys())})
	}
	if err := p.printf("%s %s\n", p.say("새 데이터 키", "new data key"), id); err != nil {
		return err
	}
	p.note(p.say("서비스를 모두 다시 시작한 다음 ‘ingamd keys reencrypt’를 실행해 주세요.", "Restart every instance of the service, then run “ingamd keys reencrypt”."))
	return nil
}

func (p *program) reencrypt(ctx context.Context, w *where) (err error) {
	k, err := p.keyRing(ctx, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	rows, dropped, err := k.Reencrypt(ctx, server.Operator(p.user))
	if err != nil {
		return err
	}
	if p.json {
		return p.printJSON(map[string]int{"rows": rows, "dropped": dropped, "keys": len(k.Ring.Keys())})
	}
	if err := p.printf(p.say("다시 잠근 행 %d개, 버린 옛 키 %d개\n", "%d rows sealed again, %d old keys dropped\n"), rows, dropped); err != nil {
		return err
	}
	if len(k.Ring.Keys()) > 1 {
		p.note(p.say("옛 키는 아직 있어요. 서비스가 모두 새 키로 일하는 것을 확인하고 나중에 한 번 더 실행하면 버려요.",
			"The old key is still there. Run this again later, when every instance works with the new key: then it goes."))
	}
	return nil
}

func (p *program) keyRing(ctx context.Context, w *where) (*server.KeyRing, error) {
	c, err := w.load()
	if err != nil {
		return nil, err
	}
	o, err := w.options(ctx, p, c, p.quiet(c))
	if err != nil {
		return nil, err
	}
	k, err := server.OpenKeyRing(ctx, c, o)
	if err != nil {
		return nil, fmt.Errorf("opening the key ring: %w", err)
	}
	return k, nil
}
