import{a as e,i as t,n,r,t as i}from"./shared-add.js";import{C as a,O as o,S as s,T as c,c as l,i as u,k as d,l as f,r as p,t as m,v as h,y as g}from"./shared-base.js";import{a as _,c as v,d as y,i as b,s as x,t as S,u as C}from"./shared-open.js";import{t as w}from"./shared-download.js";import{passwordProblems as T}from"./ingam-wallet.js";var E=class extends C{constructor(...e){super(...e),this.application=``}render(){return d`<form class="stack" @submit=${this.submitted}>
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
    </form>`}submitted(e){e.preventDefault(),this.act(h(`wallet.deleting`),async()=>{await(await S()).discard(this.application),n(`#/`,`discarded`)})}};y([u()],E.prototype,`application`,void 0),c(`ingam-wallet-discard`,E);var D=class extends C{constructor(...e){super(...e),this.form=`zip`}render(){return d`<form class="stack" @submit=${this.submitted}>
      <h2>${h(`wallet.export.title`)}</h2>
      ${this.refused()}
      ${this.entry.hasR?o:l(`warning`,h(`wallet.export.no-r`),h(`wallet.export.no-r.do`))}
      <fieldset class="choices">
        <legend>${h(`wallet.export.form`)}</legend>
        ${this.choice(`zip`,h(`wallet.export.zip`),h(`wallet.export.zip.hint`))}
        ${this.choice(`pfx`,h(`wallet.export.pfx`),h(`wallet.export.pfx.hint`))}
        ${this.choice(`old-zip`,h(`wallet.export.old`),h(`wallet.export.old.hint`))}
        ${this.choice(`old-pfx`,h(`wallet.export.old-pfx`),h(`wallet.export.old-pfx.hint`))}
      </fieldset>
      ${this.form.startsWith(`old-`)?l(`warning`,h(`wallet.export.weak`),h(`wallet.export.weak.do`)):o}
      ${this.passwordField(void 0,h(`wallet.export.same-password`))}
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${h(`wallet.back`)}</a>
        ${this.submit(h(`wallet.export.do`),h(`wallet.exporting`))}
      </div>
    </form>`}choice(e,t,n){return d`<label class="choice">
      <input type="radio" name="form" value=${e} .checked=${this.form===e} @change=${()=>{this.form=e}}>
      <span><span class="choice-title">${t}</span><span class="choice-text">${n}</span></span>
    </label>`}submitted(e){e.preventDefault();let{entry:t,form:r}=this,i=r.startsWith(`old-`),a=this.take();this.act(h(`wallet.exporting`),async()=>{let e=await S();r.endsWith(`pfx`)?w(await e.exportPfx(t.id,a,{compatible:i}),O(t,`pfx`),`application/x-pkcs12`):w(await e.exportZip(t.id,a,{compatible:i}),O(t,`zip`),`application/zip`),n(`#/c/${t.id}`,`exported`)})}};y([u({attribute:!1})],D.prototype,`entry`,void 0),y([p()],D.prototype,`form`,void 0);function O({certificate:e},t){return`${x(e).replace(/[^\p{L}\p{N} .-]/gu,``).trim().slice(0,60)||`NPKI`} ${e.notAfter.toISOString().slice(0,10)}.${t}`}c(`ingam-wallet-export`,D);var k=class extends C{render(){return d`<form class="stack" @submit=${this.submitted}>
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
    </form>`}submitted(e){e.preventDefault(),this.act(h(`wallet.saving`),async()=>{await(await S()).rename(this.entry.id,this.take(`name`)),n(`#/c/${this.entry.id}`,`named`)})}};y([u({attribute:!1})],k.prototype,`entry`,void 0),c(`ingam-wallet-name`,k);var A=class extends C{render(){return d`<form class="stack" novalidate @submit=${this.submitted}>
      <h2>${h(`wallet.password.title`)}</h2>
      ${this.refused()}
      <input type="hidden" autocomplete="username" .value=${this.entry.name}>
      ${this.passwordField(h(`wallet.password.old`))}
      <ingam-new-password .rules=${T}></ingam-new-password>
      <p class="hint">${h(`wallet.password.copies`)}</p>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${h(`wallet.back`)}</a>
        ${this.submit(h(`wallet.password.do`),h(`wallet.password.doing`))}
      </div>
    </form>`}async submitted(e){if(e.preventDefault(),!this.querySelector(`input[name="password"]`)?.reportValidity())return;let t=this.querySelector(`ingam-new-password`),r=await t?.check();r&&await this.act(h(`wallet.password.doing`),async()=>{await(await S()).changePassword(this.entry.id,this.take(),r),t?.clear(),n(`#/c/${this.entry.id}`,`password`)})}};y([u({attribute:!1})],A.prototype,`entry`,void 0),c(`ingam-wallet-password`,A);var j=class extends C{render(){let{entry:e}=this;return d`<form class="stack" @submit=${this.submitted}>
      <h2>${h(`wallet.delete.title`)}</h2>
      ${this.refused()}
      ${b(e)}
      <p>${h(`wallet.delete.lost`)}</p>
      <ul>
        <li>${h(`wallet.delete.lost.key`)}</li>
        ${_(e)?``:d`<li>${h(`wallet.delete.lost.use`)}</li>`}
        <li>${h(`wallet.delete.lost.not`)}</li>
      </ul>
      <p><a href="#/c/${e.id}/export">${h(`wallet.delete.export-first`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${h(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${e.id}">${h(`wallet.back`)}</a>
        ${this.submit(h(`wallet.delete.do`),h(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(h(`wallet.deleting`),async()=>{await(await S()).remove(this.entry.id),n(`#/`,`deleted`)})}};y([u({attribute:!1})],j.prototype,`entry`,void 0),c(`ingam-wallet-delete`,j);var M=class extends C{render(){return d`${this.refused()}
      <p><button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.keep}>${h(`wallet.keep`)}</button></p>`}keep(){this.act(h(`wallet.saving`),async()=>{await(await S()).keep(this.entry.id),n(`#/c/${this.entry.id}`,`kept`)})}};y([u({attribute:!1})],M.prototype,`entry`,void 0),c(`ingam-wallet-keep`,M);function N(e){return d`
    <p><a href="#/">${h(`wallet.to-list`)}</a></p>
    <h2>${e.name}</h2>
    ${P(e)}
    ${b(e)}
    ${I(e)}
    ${L(e)}`}function P(e){if(e.temporary)return l(`info`,h(`wallet.temporary`),h(`wallet.temporary.do`),{actions:d`<ingam-wallet-keep .entry=${e}></ingam-wallet-keep>`});switch(v(e)){case`replaced`:return l(`info`,h(`wallet.replaced`),h(`wallet.replaced.do`),{actions:d`<p><a class="btn btn-secondary" href="#/c/${e.replacedBy}">${h(`wallet.replaced.by`)}</a></p>`});case`expired`:return l(`warning`,h(`wallet.expired`),h(`wallet.expired.do`),{actions:F(e)});case`expiring`:return l(`warning`,h(`wallet.expiring`),h(`wallet.expiring.do`),{actions:F(e)})}return e.lockedUntil?l(`warning`,h(`el.w.locked`),h(`el.w.locked.do`,{until:g(e.lockedUntil)})):e.encryption.weak?l(`info`,h(`wallet.weak`),h(`wallet.weak.do`)):o}function F({source:e}){return e===`issued`?d`<p><a class="btn btn-secondary" href="/advice">${h(`wallet.advice`)}</a></p>`:o}function I(e){let{id:t}=e,n=(e,t,n)=>d`<li><a class="row" href=${e}><span class="row-body"><span class="row-title">${t}</span><span class="row-text">${n}</span></span></a></li>`;return d`<ul class="list">
    ${_(e)?o:n(`/sign#${t}`,h(`wallet.sign`),h(`wallet.sign.hint`))}
    ${n(`#/c/${t}/export`,h(`wallet.export`),h(`wallet.export.hint`))}
    ${n(`#/c/${t}/password`,h(`wallet.password`),h(`wallet.password.hint`))}
    ${n(`#/c/${t}/name`,h(`wallet.name`),h(`wallet.name.hint`))}
    ${n(`#/c/${t}/delete`,h(`wallet.delete`),h(`wallet.delete.hint`))}
  </ul>`}function L(e){let t=e.certificate,n=(e,t)=>d`<div><dt>${e}</dt><dd>${t}</dd></div>`;return d`<details class="more">
    <summary>${h(`wallet.facts`)}</summary>
    <dl class="facts">
      ${n(h(`wallet.fact.owner`),x(t))}
      ${n(h(`wallet.fact.name`),t.subject)}
      ${n(h(`wallet.fact.issuer`),t.issuer)}
      ${n(h(`wallet.fact.from`),s(t.notBefore))}
      ${n(h(`wallet.fact.to`),s(t.notAfter))}
      ${n(h(`wallet.fact.serial`),d`<span class="fingerprint">${t.serial}</span>`)}
      ${n(h(`wallet.fact.fingerprint`),m(R(e),`…`))}
      ${n(h(`wallet.fact.added`),e.source===`issued`?h(`wallet.fact.issued-here`,{time:s(e.addedAt)}):h(`wallet.fact.imported`,{time:s(e.addedAt)}))}
      ${n(h(`wallet.fact.sealed`),h(`wallet.fact.sealed.how`,{scheme:z(e),rounds:e.encryption.iterations.toLocaleString(`en`)}))}
      ${n(h(`wallet.fact.r`),e.hasR?h(`wallet.fact.r.yes`):h(`wallet.fact.r.no`))}
    </dl>
    <p class="hint">${h(`wallet.offline-state`)}</p>
  </details>`}async function R({certificate:e}){let t=await e.fingerprint();return d`<ingam-copy label=${h(`wallet.fact.fingerprint`)}><span class="fingerprint">${t.match(/.{1,4}/g)?.join(` `)}</span></ingam-copy>`}function z({encryption:e}){switch(e.scheme){case`pbes2-aes256`:return`AES-256`;case`pbes2-aes128`:return`AES-128`;default:return`SEED`}}var B=class extends a{constructor(...e){super(...e),this.waiting=[],this.view=t(location.hash),this.pageTitle=document.title,this.turn=async()=>{this.view=t(location.hash),this.done=r(),await this.updateComplete;let e=this.querySelector(`h2`);document.title=this.view.at===`list`||!e?this.pageTitle:`${e.textContent.trim()} - ${this.pageTitle}`,scrollTo(0,0),await this.focusOn(this.done?`.notice`:`h2`)}}connectedCallback(){super.connectedCallback(),this.classList.add(`stack`),addEventListener(`hashchange`,this.turn),this.load()}disconnectedCallback(){super.disconnectedCallback(),removeEventListener(`hashchange`,this.turn),this.stop?.()}async load(){this.failure=void 0;try{this.wallet=await S(),this.stop?.(),this.stop=this.wallet.subscribe(()=>void this.read().catch(e=>{this.failure=e})),await this.read()}catch(e){this.failure=e}this.dataset.state=this.failure?`failed`:`ready`}async read(){let[e,t]=await Promise.all([this.wallet.list(),this.wallet.unfinished()]);this.entries=e,this.waiting=t}render(){return this.failure?f(this.failure,d`<p><button class="btn btn-secondary" type="button" @click=${()=>this.load()}>${h(`wallet.again`)}</button></p>`):this.entries?d`${this.said()}${this.body(this.entries)}`:d`<p class="hint" role="status">${h(`wallet.opening`)}</p>`}said(){switch(this.done){case`added`:return l(`success`,h(`wallet.done.added`),h(`wallet.done.added.do`));case`named`:return l(`success`,h(`wallet.done.named`));case`password`:return l(`success`,h(`wallet.done.password`),h(`wallet.done.password.do`));case`deleted`:return l(`success`,h(`wallet.done.deleted`));case`exported`:return l(`success`,h(`wallet.done.exported`),h(`wallet.done.exported.do`));case`discarded`:return l(`success`,h(`wallet.done.discarded`));case`kept`:return l(`success`,h(`wallet.done.kept`));default:return o}}body(e){let{view:t}=this;if(t.at===`list`)return d`${V(this.waiting)}${H(e,this.waiting.length>0)}`;if(t.at===`discard`)return d`<ingam-wallet-discard application=${t.application}></ingam-wallet-discard>`;if(t.at===`add`)return d`<ingam-wallet-add></ingam-wallet-add>`;let n=e.find(({id:e})=>e===t.id);if(!n)return l(`warning`,h(`el.w.gone`),h(`el.w.gone.do`),{actions:d`<p><a class="btn btn-secondary" href="#/">${h(`wallet.to-list`)}</a></p>`});switch(t.at){case`show`:return N(n);case`name`:return d`<ingam-wallet-name .entry=${n}></ingam-wallet-name>`;case`password`:return d`<ingam-wallet-password .entry=${n}></ingam-wallet-password>`;case`export`:return d`<ingam-wallet-export .entry=${n}></ingam-wallet-export>`;case`delete`:return d`<ingam-wallet-delete .entry=${n}></ingam-wallet-delete>`}}};y([p()],B.prototype,`entries`,void 0),y([p()],B.prototype,`waiting`,void 0),y([p()],B.prototype,`view`,void 0),y([p()],B.prototype,`failure`,void 0),y([p()],B.prototype,`done`,void 0);function V(e){return e.length?d`
    <h2>${h(`wallet.unfinished`,{n:e.length})}</h2>
    <p>${h(`wallet.unfinished.text`)}</p>
    <ul class="list" id="unfinished">${e.map(({application:e,ca:t,begunAt:n,replaces:r})=>d`<li>
      <div class="row">
        <div class="row-body">
          <span class="row-title">${h(r?`wallet.unfinished.renewal`:`wallet.unfinished.of`,{ca:t})}</span>
          <span class="row-text">${h(`wallet.unfinished.since`,{time:s(n)})}</span>
          <div class="row-actions">
            <a class="btn btn-secondary" href=${i(e)}>${h(`wallet.unfinished.go`)}</a>
            <a class="btn btn-quiet" href="#/u/${encodeURIComponent(e)}">${h(`wallet.unfinished.discard`)}</a>
          </div>
        </div>
      </div>
    </li>`)}</ul>`:o}function H(e,t){return!e.length&&!t?d`<div class="empty">
      <h2>${h(`wallet.empty`)}</h2>
      <p>${h(`wallet.empty.do`)}</p>
      <div class="row-actions">
        <a class="btn btn-primary" href="/apply">${h(`wallet.issue`)}</a>
        <a class="btn btn-secondary" href="#/add">${h(`wallet.add`)}</a>
      </div>
    </div>`:d`
    ${e.length?d`<h2>${h(`wallet.count`,{n:e.length})}</h2>
          ${W(e)}`:o}
    <p class="hint">${h(`wallet.here-only`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${h(`wallet.add`)}</a>
      <a class="btn btn-secondary" href="/apply">${h(`wallet.issue`)}</a>
    </div>`}var U=5;function W(e){let t=e=>d`<ul class="cards">${e.map(e=>d`<li>${b(e,`#/c/${e.id}`)}</li>`)}</ul>`,n=e.filter(_);return e.length<=U||n.length<2||n.length===e.length?t(e):d`${t(e.filter(e=>!n.includes(e)))}
    <details class="more"><summary>${h(`wallet.over`,{n:n.length})}</summary>${t(n)}</details>`}c(`ingam-wallet`,B),e();