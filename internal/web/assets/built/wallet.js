import{a as e,i as t,n,r,t as i}from"./shared-add.js";import{A as a,D as o,T as s,b as c,c as l,k as u,l as d,n as f,r as p,t as m,w as h,x as g}from"./shared-base.js";import{a as _,c as v,d as y,i as b,s as x,t as S,u as C}from"./shared-open.js";import{t as w}from"./shared-download.js";import{passwordProblems as T}from"./ingam-wallet.js";var E=class extends C{constructor(...e){super(...e),this.application=``}render(){return a`<form class="stack" @submit=${this.submitted}>
      <h2>${c(`wallet.discard.title`)}</h2>
      ${this.refused()}
      <p>${c(`wallet.delete.lost`)}</p>
      <ul>
        <li>${c(`wallet.delete.lost.key`)}</li>
        <li>${c(`wallet.discard.issued`)}</li>
        <li>${c(`wallet.discard.open`)}</li>
      </ul>
      <p><a href=${i(this.application)}>${c(`wallet.unfinished.go`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${c(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/">${c(`wallet.back`)}</a>
        ${this.submit(c(`wallet.discard.do`),c(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(c(`wallet.deleting`),async()=>{await(await S()).discard(this.application),n(`#/`,`discarded`)})}};y([p()],E.prototype,`application`,void 0),o(`ingam-wallet-discard`,E);var D=class extends C{constructor(...e){super(...e),this.form=`zip`}render(){return a`<form class="stack" @submit=${this.submitted}>
      <h2>${c(`wallet.export.title`)}</h2>
      ${this.refused()}
      ${this.entry.hasR?u:l(`warning`,c(`wallet.export.no-r`),c(`wallet.export.no-r.do`))}
      <fieldset class="choices">
        <legend>${c(`wallet.export.form`)}</legend>
        ${this.choice(`zip`,c(`wallet.export.zip`),c(`wallet.export.zip.hint`))}
        ${this.choice(`pfx`,c(`wallet.export.pfx`),c(`wallet.export.pfx.hint`))}
        ${this.choice(`old-zip`,c(`wallet.export.old`),c(`wallet.export.old.hint`))}
        ${this.choice(`old-pfx`,c(`wallet.export.old-pfx`),c(`wallet.export.old-pfx.hint`))}
      </fieldset>
      ${this.form.startsWith(`old-`)?l(`warning`,c(`wallet.export.weak`),c(`wallet.export.weak.do`)):u}
      ${this.passwordField(void 0,c(`wallet.export.same-password`))}
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${c(`wallet.back`)}</a>
        ${this.submit(c(`wallet.export.do`),c(`wallet.exporting`))}
      </div>
    </form>`}choice(e,t,n){return a`<label class="choice">
      <input type="radio" name="form" value=${e} .checked=${this.form===e} @change=${()=>{this.form=e}}>
      <span><span class="choice-title">${t}</span><span class="choice-text">${n}</span></span>
    </label>`}submitted(e){e.preventDefault();let{entry:t,form:r}=this,i=r.startsWith(`old-`),a=this.take();this.act(c(`wallet.exporting`),async()=>{let e=await S();r.endsWith(`pfx`)?w(await e.exportPfx(t.id,a,{compatible:i}),O(t,`pfx`),`application/x-pkcs12`):w(await e.exportZip(t.id,a,{compatible:i}),O(t,`zip`),`application/zip`),n(`#/c/${t.id}`,`exported`)})}};y([p({attribute:!1})],D.prototype,`entry`,void 0),y([f()],D.prototype,`form`,void 0);function O({certificate:e},t){return`${x(e).replace(/[^\p{L}\p{N} .-]/gu,``).trim().slice(0,60)||`NPKI`} ${e.notAfter.toISOString().slice(0,10)}.${t}`}o(`ingam-wallet-export`,D);var k=class extends C{render(){return a`<form class="stack" @submit=${this.submitted}>
      <h2>${c(`wallet.name.title`)}</h2>
      ${this.refused()}
      <div class="field">
        <label for="name">${c(`wallet.name.label`)}</label>
        <input id="name" name="name" maxlength="100" autocomplete="off" required .value=${this.entry.name} aria-describedby="name-hint">
        <p class="hint" id="name-hint">${c(`wallet.name.only-here`)}</p>
      </div>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${c(`wallet.back`)}</a>
        ${this.submit(c(`wallet.save`),c(`wallet.saving`))}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(c(`wallet.saving`),async()=>{await(await S()).rename(this.entry.id,this.take(`name`)),n(`#/c/${this.entry.id}`,`named`)})}};y([p({attribute:!1})],k.prototype,`entry`,void 0),o(`ingam-wallet-name`,k);var A=class extends C{render(){return a`<form class="stack" novalidate @submit=${this.submitted}>
      <h2>${c(`wallet.password.title`)}</h2>
      ${this.refused()}
      <input type="hidden" autocomplete="username" .value=${this.entry.name}>
      ${this.passwordField(c(`wallet.password.old`))}
      <ingam-new-password .rules=${T}></ingam-new-password>
      <p class="hint">${c(`wallet.password.copies`)}</p>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${c(`wallet.back`)}</a>
        ${this.submit(c(`wallet.password.do`),c(`wallet.password.doing`))}
      </div>
    </form>`}async submitted(e){if(e.preventDefault(),!this.querySelector(`input[name="password"]`)?.reportValidity())return;let t=this.querySelector(`ingam-new-password`),r=await t?.check();r&&await this.act(c(`wallet.password.doing`),async()=>{await(await S()).changePassword(this.entry.id,this.take(),r),t?.clear(),n(`#/c/${this.entry.id}`,`password`)})}};y([p({attribute:!1})],A.prototype,`entry`,void 0),o(`ingam-wallet-password`,A);var j=class extends C{render(){let{entry:e}=this;return a`<form class="stack" @submit=${this.submitted}>
      <h2>${c(`wallet.delete.title`)}</h2>
      ${this.refused()}
      ${b(e)}
      <p>${c(`wallet.delete.lost`)}</p>
      <ul>
        <li>${c(`wallet.delete.lost.key`)}</li>
        ${_(e)?``:a`<li>${c(`wallet.delete.lost.use`)}</li>`}
        <li>${c(`wallet.delete.lost.not`)}</li>
      </ul>
      <p><a href="#/c/${e.id}/export">${c(`wallet.delete.export-first`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${c(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${e.id}">${c(`wallet.back`)}</a>
        ${this.submit(c(`wallet.delete.do`),c(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(c(`wallet.deleting`),async()=>{await(await S()).remove(this.entry.id),n(`#/`,`deleted`)})}};y([p({attribute:!1})],j.prototype,`entry`,void 0),o(`ingam-wallet-delete`,j);var M=class extends C{render(){return a`${this.refused()}
      <p><button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.keep}>${c(`wallet.keep`)}</button></p>`}keep(){this.act(c(`wallet.saving`),async()=>{await(await S()).keep(this.entry.id),n(`#/c/${this.entry.id}`,`kept`)})}};y([p({attribute:!1})],M.prototype,`entry`,void 0),o(`ingam-wallet-keep`,M);function N(e){return a`
    <p><a href="#/">${c(`wallet.to-list`)}</a></p>
    <h2>${e.name}</h2>
    ${P(e)}
    ${b(e)}
    ${I(e)}
    ${L(e)}`}function P(e){if(e.temporary)return l(`info`,c(`wallet.temporary`),c(`wallet.temporary.do`),{actions:a`<ingam-wallet-keep .entry=${e}></ingam-wallet-keep>`});switch(v(e)){case`replaced`:return l(`info`,c(`wallet.replaced`),c(`wallet.replaced.do`),{actions:a`<p><a class="btn btn-secondary" href="#/c/${e.replacedBy}">${c(`wallet.replaced.by`)}</a></p>`});case`expired`:return l(`warning`,c(`wallet.expired`),c(`wallet.expired.do`),{actions:F(e)});case`expiring`:return l(`warning`,c(`wallet.expiring`),c(`wallet.expiring.do`),{actions:F(e)})}return e.lockedUntil?l(`warning`,c(`el.w.locked`),c(`el.w.locked.do`,{until:g(e.lockedUntil)})):e.encryption.weak?l(`info`,c(`wallet.weak`),c(`wallet.weak.do`)):u}function F({source:e}){return e===`issued`?a`<p><a class="btn btn-secondary" href="/advice">${c(`wallet.advice`)}</a></p>`:u}function I(e){let{id:t}=e,n=(e,t,n)=>a`<li><a class="row" href=${e}><span class="row-body"><span class="row-title">${t}</span><span class="row-text">${n}</span></span></a></li>`;return a`<ul class="list">
    ${_(e)?u:n(`/sign#${t}`,c(`wallet.sign`),c(`wallet.sign.hint`))}
    ${n(`#/c/${t}/export`,c(`wallet.export`),c(`wallet.export.hint`))}
    ${n(`#/c/${t}/password`,c(`wallet.password`),c(`wallet.password.hint`))}
    ${n(`#/c/${t}/name`,c(`wallet.name`),c(`wallet.name.hint`))}
    ${n(`#/c/${t}/delete`,c(`wallet.delete`),c(`wallet.delete.hint`))}
  </ul>`}function L(e){let t=e.certificate,n=(e,t)=>a`<div><dt>${e}</dt><dd>${t}</dd></div>`;return a`<details class="more">
    <summary>${c(`wallet.facts`)}</summary>
    <dl class="facts">
      ${n(c(`wallet.fact.owner`),x(t))}
      ${n(c(`wallet.fact.name`),t.subject)}
      ${n(c(`wallet.fact.issuer`),t.issuer)}
      ${n(c(`wallet.fact.from`),h(t.notBefore))}
      ${n(c(`wallet.fact.to`),h(t.notAfter))}
      ${n(c(`wallet.fact.serial`),a`<span class="fingerprint">${t.serial}</span>`)}
      ${n(c(`wallet.fact.fingerprint`),m(R(e),`…`))}
      ${n(c(`wallet.fact.added`),e.source===`issued`?c(`wallet.fact.issued-here`,{time:h(e.addedAt)}):c(`wallet.fact.imported`,{time:h(e.addedAt)}))}
      ${n(c(`wallet.fact.sealed`),c(`wallet.fact.sealed.how`,{scheme:z(e),rounds:e.encryption.iterations.toLocaleString(`en`)}))}
      ${n(c(`wallet.fact.r`),e.hasR?c(`wallet.fact.r.yes`):c(`wallet.fact.r.no`))}
    </dl>
    <p class="hint">${c(`wallet.offline-state`)}</p>
  </details>`}async function R({certificate:e}){let t=await e.fingerprint();return a`<ingam-copy label=${c(`wallet.fact.fingerprint`)}><span class="fingerprint">${t.match(/.{1,4}/g)?.join(` `)}</span></ingam-copy>`}function z({encryption:e}){switch(e.scheme){case`pbes2-aes256`:return`AES-256`;case`pbes2-aes128`:return`AES-128`;default:return`SEED`}}var B=class extends s{constructor(...e){super(...e),this.waiting=[],this.view=t(location.hash),this.pageTitle=document.title,this.turn=async()=>{this.view=t(location.hash),this.done=r(),await this.updateComplete;let e=this.querySelector(`h2`);document.title=this.view.at===`list`||!e?this.pageTitle:`${e.textContent.trim()} - ${this.pageTitle}`,scrollTo(0,0),await this.focusOn(this.done?`.notice`:`h2`)}}connectedCallback(){super.connectedCallback(),this.classList.add(`stack`),addEventListener(`hashchange`,this.turn),this.load()}disconnectedCallback(){super.disconnectedCallback(),removeEventListener(`hashchange`,this.turn),this.stop?.()}async load(){this.failure=void 0;try{this.wallet=await S(),this.stop?.(),this.stop=this.wallet.subscribe(()=>void this.read().catch(e=>{this.failure=e})),await this.read()}catch(e){this.failure=e}this.dataset.state=this.failure?`failed`:`ready`}async read(){let[e,t]=await Promise.all([this.wallet.list(),this.wallet.unfinished()]);this.entries=e,this.waiting=t}render(){return this.failure?d(this.failure,a`<p><button class="btn btn-secondary" type="button" @click=${()=>this.load()}>${c(`wallet.again`)}</button></p>`):this.entries?a`${this.said()}${this.body(this.entries)}`:a`<p class="hint" role="status">${c(`wallet.opening`)}</p>`}said(){switch(this.done){case`added`:return l(`success`,c(`wallet.done.added`),c(`wallet.done.added.do`));case`named`:return l(`success`,c(`wallet.done.named`));case`password`:return l(`success`,c(`wallet.done.password`),c(`wallet.done.password.do`));case`deleted`:return l(`success`,c(`wallet.done.deleted`));case`exported`:return l(`success`,c(`wallet.done.exported`),c(`wallet.done.exported.do`));case`discarded`:return l(`success`,c(`wallet.done.discarded`));case`kept`:return l(`success`,c(`wallet.done.kept`));default:return u}}body(e){let{view:t}=this;if(t.at===`list`)return a`${V(this.waiting)}${H(e,this.waiting.length>0)}`;if(t.at===`discard`)return a`<ingam-wallet-discard application=${t.application}></ingam-wallet-discard>`;if(t.at===`add`)return a`<ingam-wallet-add></ingam-wallet-add>`;let n=e.find(({id:e})=>e===t.id);if(!n)return l(`warning`,c(`el.w.gone`),c(`el.w.gone.do`),{actions:a`<p><a class="btn btn-secondary" href="#/">${c(`wallet.to-list`)}</a></p>`});switch(t.at){case`show`:return N(n);case`name`:return a`<ingam-wallet-name .entry=${n}></ingam-wallet-name>`;case`password`:return a`<ingam-wallet-password .entry=${n}></ingam-wallet-password>`;case`export`:return a`<ingam-wallet-export .entry=${n}></ingam-wallet-export>`;case`delete`:return a`<ingam-wallet-delete .entry=${n}></ingam-wallet-delete>`}}};y([f()],B.prototype,`entries`,void 0),y([f()],B.prototype,`waiting`,void 0),y([f()],B.prototype,`view`,void 0),y([f()],B.prototype,`failure`,void 0),y([f()],B.prototype,`done`,void 0);function V(e){return e.length?a`
    <h2>${c(`wallet.unfinished`,{n:e.length})}</h2>
    <p>${c(`wallet.unfinished.text`)}</p>
    <ul class="list" id="unfinished">${e.map(({application:e,ca:t,begunAt:n,replaces:r})=>a`<li>
      <div class="row">
        <div class="row-body">
          <span class="row-title">${c(r?`wallet.unfinished.renewal`:`wallet.unfinished.of`,{ca:t})}</span>
          <span class="row-text">${c(`wallet.unfinished.since`,{time:h(n)})}</span>
          <div class="row-actions">
            <a class="btn btn-secondary" href=${i(e)}>${c(`wallet.unfinished.go`)}</a>
            <a class="btn btn-quiet" href="#/u/${encodeURIComponent(e)}">${c(`wallet.unfinished.discard`)}</a>
          </div>
        </div>
      </div>
    </li>`)}</ul>`:u}function H(e,t){return!e.length&&!t?a`<div class="empty">
      <h2>${c(`wallet.empty`)}</h2>
      <p>${c(`wallet.empty.do`)}</p>
      <div class="row-actions">
        <a class="btn btn-primary" href="/apply">${c(`wallet.issue`)}</a>
        <a class="btn btn-secondary" href="#/add">${c(`wallet.add`)}</a>
      </div>
    </div>`:a`
    ${e.length?a`<h2>${c(`wallet.count`,{n:e.length})}</h2>
          ${W(e)}`:u}
    <p class="hint">${c(`wallet.here-only`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${c(`wallet.add`)}</a>
      <a class="btn btn-secondary" href="/apply">${c(`wallet.issue`)}</a>
    </div>`}var U=5;function W(e){let t=e=>a`<ul class="cards">${e.map(e=>a`<li>${b(e,`#/c/${e.id}`)}</li>`)}</ul>`,n=e.filter(_);return e.length<=U||n.length<2||n.length===e.length?t(e):a`${t(e.filter(e=>!n.includes(e)))}
    <details class="more"><summary>${c(`wallet.over`,{n:n.length})}</summary>${t(n)}</details>`}o(`ingam-wallet`,B),e();