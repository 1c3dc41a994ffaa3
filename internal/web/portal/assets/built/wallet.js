import{a as e,i as t,n,r,t as i}from"./shared-add.js";import{C as a,D as o,O as s,S as c,T as l,c as u,i as d,l as f,r as p,t as m,v as h,y as g}from"./shared-base.js";import{i as _,l as v,o as y,s as b,t as x,u as S}from"./shared-open.js";import{t as C}from"./shared-download.js";import{passwordProblems as w}from"./ingam-wallet.js";var T=class extends v{constructor(...e){super(...e),this.application=``}render(){return s`<form class="stack" @submit=${this.submitted}>
      <h2>${h(`wallet.discard.title`)}</h2>
      ${this.refused()}
      <p>${h(`wallet.delete.lost`)}</p>
      <ul>
        <li>${h(`wallet.delete.lost.key`)}</li>
        <li>${h(`wallet.discard.issued`)}</li>
        <li>${h(`wallet.discard.open`)}</li>
      </ul>
      <p><a href=${i(this.application)}>${h(`wallet.unfinished.go`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${h(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/">${h(`wallet.back`)}</a>
        ${this.submit(h(`wallet.discard.do`),h(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(h(`wallet.deleting`),async()=>{await(await x()).discard(this.application),n(`#/`,`discarded`)})}};S([d()],T.prototype,`application`,void 0),l(`ingam-wallet-discard`,T);var E=class extends v{constructor(...e){super(...e),this.form=`zip`}render(){return s`<form class="stack" @submit=${this.submitted}>
      <h2>${h(`wallet.export.title`)}</h2>
      ${this.refused()}
      ${this.entry.hasR?o:u(`warning`,h(`wallet.export.no-r`),h(`wallet.export.no-r.do`))}
      <fieldset class="choices">
        <legend>${h(`wallet.export.form`)}</legend>
        ${this.choice(`zip`,h(`wallet.export.zip`),h(`wallet.export.zip.hint`))}
        ${this.choice(`pfx`,h(`wallet.export.pfx`),h(`wallet.export.pfx.hint`))}
        ${this.choice(`old-zip`,h(`wallet.export.old`),h(`wallet.export.old.hint`))}
        ${this.choice(`old-pfx`,h(`wallet.export.old-pfx`),h(`wallet.export.old-pfx.hint`))}
      </fieldset>
      ${this.form.startsWith(`old-`)?u(`warning`,h(`wallet.export.weak`),h(`wallet.export.weak.do`)):o}
      ${this.passwordField(void 0,h(`wallet.export.same-password`))}
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${h(`wallet.back`)}</a>
        ${this.submit(h(`wallet.export.do`),h(`wallet.exporting`))}
      </div>
    </form>`}choice(e,t,n){return s`<label class="choice">
      <input type="radio" name="form" value=${e} .checked=${this.form===e} @change=${()=>{this.form=e}}>
      <span><span class="choice-title">${t}</span><span class="choice-text">${n}</span></span>
    </label>`}submitted(e){e.preventDefault();let{entry:t,form:r}=this,i=r.startsWith(`old-`),a=this.take();this.act(h(`wallet.exporting`),async()=>{let e=await x();r.endsWith(`pfx`)?C(await e.exportPfx(t.id,a,{compatible:i}),D(t,`pfx`),`application/x-pkcs12`):C(await e.exportZip(t.id,a,{compatible:i}),D(t,`zip`),`application/zip`),n(`#/c/${t.id}`,`exported`)})}};S([d({attribute:!1})],E.prototype,`entry`,void 0),S([p()],E.prototype,`form`,void 0);function D({certificate:e},t){return`${y(e).replace(/[^\p{L}\p{N} .-]/gu,``).trim().slice(0,60)||`NPKI`} ${e.notAfter.toISOString().slice(0,10)}.${t}`}l(`ingam-wallet-export`,E);var O=class extends v{render(){return s`<form class="stack" @submit=${this.submitted}>
      <h2>${h(`wallet.name.title`)}</h2>
      ${this.refused()}
      <div class="field">
        <label for="name">${h(`wallet.name.label`)}</label>
        <input id="name" name="name" maxlength="100" autocomplete="off" required .value=${this.entry.name} aria-describedby="name-hint">
        <p class="hint" id="name-hint">${h(`wallet.name.only-here`)}</p>
      </div>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${h(`wallet.back`)}</a>
        ${this.submit(h(`wallet.save`),h(`wallet.saving`))}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(h(`wallet.saving`),async()=>{await(await x()).rename(this.entry.id,this.take(`name`)),n(`#/c/${this.entry.id}`,`named`)})}};S([d({attribute:!1})],O.prototype,`entry`,void 0),l(`ingam-wallet-name`,O);var k=class extends v{render(){return s`<form class="stack" novalidate @submit=${this.submitted}>
      <h2>${h(`wallet.password.title`)}</h2>
      ${this.refused()}
      <input type="hidden" autocomplete="username" .value=${this.entry.name}>
      ${this.passwordField(h(`wallet.password.old`))}
      <ingam-new-password .rules=${w}></ingam-new-password>
      <p class="hint">${h(`wallet.password.copies`)}</p>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${h(`wallet.back`)}</a>
        ${this.submit(h(`wallet.password.do`),h(`wallet.password.doing`))}
      </div>
    </form>`}async submitted(e){if(e.preventDefault(),!this.querySelector(`input[name="password"]`)?.reportValidity())return;let t=this.querySelector(`ingam-new-password`),r=await t?.check();r&&await this.act(h(`wallet.password.doing`),async()=>{await(await x()).changePassword(this.entry.id,this.take(),r),t?.clear(),n(`#/c/${this.entry.id}`,`password`)})}};S([d({attribute:!1})],k.prototype,`entry`,void 0),l(`ingam-wallet-password`,k);var A=class extends v{render(){let{entry:e}=this;return s`<form class="stack" @submit=${this.submitted}>
      <h2>${h(`wallet.delete.title`)}</h2>
      ${this.refused()}
      ${_(e)}
      <p>${h(`wallet.delete.lost`)}</p>
      <ul>
        <li>${h(`wallet.delete.lost.key`)}</li>
        ${b(e.certificate)===`expired`?``:s`<li>${h(`wallet.delete.lost.use`)}</li>`}
        <li>${h(`wallet.delete.lost.not`)}</li>
      </ul>
      <p><a href="#/c/${e.id}/export">${h(`wallet.delete.export-first`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${h(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${e.id}">${h(`wallet.back`)}</a>
        ${this.submit(h(`wallet.delete.do`),h(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(h(`wallet.deleting`),async()=>{await(await x()).remove(this.entry.id),n(`#/`,`deleted`)})}};S([d({attribute:!1})],A.prototype,`entry`,void 0),l(`ingam-wallet-delete`,A);var j=class extends v{render(){return s`${this.refused()}
      <p><button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.keep}>${h(`wallet.keep`)}</button></p>`}keep(){this.act(h(`wallet.saving`),async()=>{await(await x()).keep(this.entry.id),n(`#/c/${this.entry.id}`,`kept`)})}};S([d({attribute:!1})],j.prototype,`entry`,void 0),l(`ingam-wallet-keep`,j);function M(e){return s`
    <p><a href="#/">${h(`wallet.to-list`)}</a></p>
    <h2>${e.name}</h2>
    ${N(e)}
    ${_(e)}
    ${P(e)}
    ${F(e)}`}function N(e){if(e.temporary)return u(`info`,h(`wallet.temporary`),h(`wallet.temporary.do`),{actions:s`<ingam-wallet-keep .entry=${e}></ingam-wallet-keep>`});switch(b(e.certificate)){case`expired`:return u(`warning`,h(`wallet.expired`),h(`wallet.expired.do`));case`expiring`:return u(`warning`,h(`wallet.expiring`),h(`wallet.expiring.do`))}return e.lockedUntil?u(`warning`,h(`el.w.locked`),h(`el.w.locked.do`,{until:g(e.lockedUntil)})):e.encryption.weak?u(`info`,h(`wallet.weak`),h(`wallet.weak.do`)):o}function P({id:e,certificate:t}){let n=(e,t,n)=>s`<li><a class="row" href=${e}><span class="row-body"><span class="row-title">${t}</span><span class="row-text">${n}</span></span></a></li>`;return s`<ul class="list">
    ${b(t)===`expired`?o:n(`/sign#${e}`,h(`wallet.sign`),h(`wallet.sign.hint`))}
    ${n(`#/c/${e}/export`,h(`wallet.export`),h(`wallet.export.hint`))}
    ${n(`#/c/${e}/password`,h(`wallet.password`),h(`wallet.password.hint`))}
    ${n(`#/c/${e}/name`,h(`wallet.name`),h(`wallet.name.hint`))}
    ${n(`#/c/${e}/delete`,h(`wallet.delete`),h(`wallet.delete.hint`))}
  </ul>`}function F(e){let t=e.certificate,n=(e,t)=>s`<div><dt>${e}</dt><dd>${t}</dd></div>`;return s`<details class="more">
    <summary>${h(`wallet.facts`)}</summary>
    <dl class="facts">
      ${n(h(`wallet.fact.owner`),y(t))}
      ${n(h(`wallet.fact.name`),t.subject)}
      ${n(h(`wallet.fact.issuer`),t.issuer)}
      ${n(h(`wallet.fact.from`),c(t.notBefore))}
      ${n(h(`wallet.fact.to`),c(t.notAfter))}
      ${n(h(`wallet.fact.serial`),s`<span class="fingerprint">${t.serial}</span>`)}
      ${n(h(`wallet.fact.fingerprint`),m(I(e),`…`))}
      ${n(h(`wallet.fact.added`),e.source===`issued`?h(`wallet.fact.issued-here`,{time:c(e.addedAt)}):h(`wallet.fact.imported`,{time:c(e.addedAt)}))}
      ${n(h(`wallet.fact.sealed`),h(`wallet.fact.sealed.how`,{scheme:L(e),rounds:e.encryption.iterations.toLocaleString(`en`)}))}
      ${n(h(`wallet.fact.r`),e.hasR?h(`wallet.fact.r.yes`):h(`wallet.fact.r.no`))}
    </dl>
    <p class="hint">${h(`wallet.offline-state`)}</p>
  </details>`}async function I({certificate:e}){let t=await e.fingerprint();return s`<ingam-copy label=${h(`wallet.fact.fingerprint`)}><span class="fingerprint">${t.match(/.{1,4}/g)?.join(` `)}</span></ingam-copy>`}function L({encryption:e}){switch(e.scheme){case`pbes2-aes256`:return`AES-256`;case`pbes2-aes128`:return`AES-128`;default:return`SEED`}}var R=class extends a{constructor(...e){super(...e),this.waiting=[],this.view=t(location.hash),this.pageTitle=document.title,this.turn=async()=>{this.view=t(location.hash),this.done=r(),await this.updateComplete;let e=this.querySelector(`h2`);document.title=this.view.at===`list`||!e?this.pageTitle:`${e.textContent.trim()} - ${this.pageTitle}`,scrollTo(0,0),await this.focusOn(this.done?`.notice`:`h2`)}}connectedCallback(){super.connectedCallback(),this.classList.add(`stack`),addEventListener(`hashchange`,this.turn),this.load()}disconnectedCallback(){super.disconnectedCallback(),removeEventListener(`hashchange`,this.turn),this.stop?.()}async load(){this.failure=void 0;try{this.wallet=await x(),this.stop?.(),this.stop=this.wallet.subscribe(()=>void this.read().catch(e=>{this.failure=e})),await this.read()}catch(e){this.failure=e}this.dataset.state=this.failure?`failed`:`ready`}async read(){let[e,t]=await Promise.all([this.wallet.list(),this.wallet.unfinished()]);this.entries=e,this.waiting=t}render(){return this.failure?f(this.failure,s`<p><button class="btn btn-secondary" type="button" @click=${()=>this.load()}>${h(`wallet.again`)}</button></p>`):this.entries?s`${this.said()}${this.body(this.entries)}`:s`<p class="hint" role="status">${h(`wallet.opening`)}</p>`}said(){switch(this.done){case`added`:return u(`success`,h(`wallet.done.added`),h(`wallet.done.added.do`));case`named`:return u(`success`,h(`wallet.done.named`));case`password`:return u(`success`,h(`wallet.done.password`),h(`wallet.done.password.do`));case`deleted`:return u(`success`,h(`wallet.done.deleted`));case`exported`:return u(`success`,h(`wallet.done.exported`),h(`wallet.done.exported.do`));case`discarded`:return u(`success`,h(`wallet.done.discarded`));case`kept`:return u(`success`,h(`wallet.done.kept`));default:return o}}body(e){let{view:t}=this;if(t.at===`list`)return s`${z(this.waiting)}${B(e,this.waiting.length>0)}`;if(t.at===`discard`)return s`<ingam-wallet-discard application=${t.application}></ingam-wallet-discard>`;if(t.at===`add`)return s`<ingam-wallet-add></ingam-wallet-add>`;let n=e.find(({id:e})=>e===t.id);if(!n)return u(`warning`,h(`el.w.gone`),h(`el.w.gone.do`),{actions:s`<p><a class="btn btn-secondary" href="#/">${h(`wallet.to-list`)}</a></p>`});switch(t.at){case`show`:return M(n);case`name`:return s`<ingam-wallet-name .entry=${n}></ingam-wallet-name>`;case`password`:return s`<ingam-wallet-password .entry=${n}></ingam-wallet-password>`;case`export`:return s`<ingam-wallet-export .entry=${n}></ingam-wallet-export>`;case`delete`:return s`<ingam-wallet-delete .entry=${n}></ingam-wallet-delete>`}}};S([p()],R.prototype,`entries`,void 0),S([p()],R.prototype,`waiting`,void 0),S([p()],R.prototype,`view`,void 0),S([p()],R.prototype,`failure`,void 0),S([p()],R.prototype,`done`,void 0);function z(e){return e.length?s`
    <h2>${h(`wallet.unfinished`,{n:e.length})}</h2>
    <p>${h(`wallet.unfinished.text`)}</p>
    <ul class="list" id="unfinished">${e.map(({application:e,ca:t,begunAt:n})=>s`<li>
      <div class="row">
        <div class="row-body">
          <span class="row-title">${h(`wallet.unfinished.of`,{ca:t})}</span>
          <span class="row-text">${h(`wallet.unfinished.since`,{time:c(n)})}</span>
          <div class="row-actions">
            <a class="btn btn-secondary" href=${i(e)}>${h(`wallet.unfinished.go`)}</a>
            <a class="btn btn-quiet" href="#/u/${encodeURIComponent(e)}">${h(`wallet.unfinished.discard`)}</a>
          </div>
        </div>
      </div>
    </li>`)}</ul>`:o}function B(e,t){return!e.length&&!t?s`<div class="empty">
      <h2>${h(`wallet.empty`)}</h2>
      <p>${h(`wallet.empty.do`)}</p>
      <div class="row-actions">
        <a class="btn btn-primary" href="/apply">${h(`wallet.issue`)}</a>
        <a class="btn btn-secondary" href="#/add">${h(`wallet.add`)}</a>
      </div>
    </div>`:s`
    ${e.length?s`<h2>${h(`wallet.count`,{n:e.length})}</h2>
          ${H(e)}`:o}
    <p class="hint">${h(`wallet.here-only`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${h(`wallet.add`)}</a>
      <a class="btn btn-secondary" href="/apply">${h(`wallet.issue`)}</a>
    </div>`}var V=5;function H(e){let t=e=>s`<ul class="cards">${e.map(e=>s`<li>${_(e,`#/c/${e.id}`)}</li>`)}</ul>`,n=e.filter(({certificate:e})=>b(e)===`expired`);return e.length<=V||n.length<2||n.length===e.length?t(e):s`${t(e.filter(e=>!n.includes(e)))}
    <details class="more"><summary>${h(`wallet.over`,{n:n.length})}</summary>${t(n)}</details>`}l(`ingam-wallet`,R),e();