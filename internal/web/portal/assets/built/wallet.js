import{_ as e,b as t,c as n,f as r,h as i,l as a,p as o,v as s,y as c}from"./shared-api.js";import{a as l,c as u,i as d,l as f,n as p,o as m,r as h,s as g,t as _,u as v}from"./shared-open.js";import{n as y,r as ee}from"./shared-notice.js";import{t as b}from"./shared-download.js";import"./shared-new-password.js";import{find as x,passwordProblems as S}from"./ingam-wallet.js";var C=`/sw.js`,w=!1;async function T(){if(!w&&`serviceWorker`in navigator&&isSecureContext){w=!0;try{await navigator.serviceWorker.register(te(),{scope:`/`,updateViaCache:`none`})}catch{}}}function te(){let e=globalThis.trustedTypes;return e?e.createPolicy(`ingam`,{createScriptURL(e){if(e!==C)throw TypeError(`not the script`);return e}}).createScriptURL(C):C}var ne=[`name`,`password`,`export`,`delete`];function E(e){let[t,n,r]=e.replace(/^#\/?/,``).split(`/`);if(t===`add`)return{at:`add`};if(t!==`c`||!n)return{at:`list`};let i=ne.find(e=>e===r);return i?{at:i,id:n}:{at:`show`,id:n}}var D;function O(e,t){D=t,location.hash===e?dispatchEvent(new HashChangeEvent(`hashchange`)):location.hash=e}function k(){let e=D;return D=void 0,e}var A=class extends p{constructor(...e){super(...e),this.chosen=0,this.over=!1,this.again=()=>{this.found=void 0,this.failure=void 0,this.focusOn(`h2`)}}render(){return c`
      <p><a class="btn btn-quiet" href="#/">${n(`wallet.to-list`)}</a></p>
      <h2>${n(`wallet.add.title`)}</h2>
      ${this.refused()}
      ${this.found?.length?this.choose(this.found):this.pick()}`}pick(){let t=`webkitdirectory`in HTMLInputElement.prototype;return c`
      ${this.found&&!this.failure?y(`warning`,n(`wallet.add.none`),n(`wallet.add.none.do`)):e}
      <p>${n(`wallet.add.lead`)}</p>
      <div class="drop" ?data-over=${this.over} @dragover=${this.dragged} @dragleave=${()=>{this.over=!1}} @drop=${this.dropped}>
        <p>${n(`wallet.add.drop`)}</p>
        <div class="row-actions">
          <label class="btn btn-primary">${n(`wallet.add.files`)}
            <input class="visually-hidden" type="file" id="files" multiple accept=".der,.key,.cer,.crt,.pem,.zip,.pfx,.p12" @change=${this.picked}></label>
          ${t?c`<label class="btn btn-secondary">${n(`wallet.add.folder`)}
            <input class="visually-hidden" type="file" id="folder" webkitdirectory @change=${this.picked}></label>`:e}
        </div>
        ${this.busy?c`<p class="hint" role="status">${n(`wallet.add.looking`)}</p>`:e}
      </div>
      <details class="more">
        <summary>${n(`wallet.add.where`)}</summary>
        <dl class="facts">
          <div><dt>Windows</dt><dd>C:\\Users\\${n(`wallet.add.user`)}\\AppData\\LocalLow\\NPKI</dd></div>
          <div><dt>macOS</dt><dd>~/Library/Preferences/NPKI</dd></div>
          <div><dt>Linux</dt><dd>~/NPKI</dd></div>
          <div><dt>USB</dt><dd>E:\\NPKI</dd></div>
        </dl>
      </details>
      <p class="hint">${n(`wallet.add.stays`)}</p>`}choose(t){let r=t[this.chosen];return c`<form class="stack" @submit=${this.submitted}>
      <fieldset class="choices">
        <legend>${n(`wallet.add.found`,{n:t.length})}</legend>
        ${t.map((e,t)=>c`<label class="choice">
          <input type="radio" name="found" value=${t} .checked=${t===this.chosen} @change=${()=>{this.chosen=t,this.failure=void 0}}>
          <span>${re(e)}</span>
        </label>`)}
      </fieldset>
      ${this.passwordField(r?.kind===`pfx`?n(`wallet.add.pfx-password`):void 0,n(`wallet.add.password-hint`))}
      ${r?.kind===`npki`?c`<label class="check"><input type="checkbox" name="modernise" checked>
        <span>${n(`wallet.add.modernise`)}<br><span class="hint">${n(`wallet.add.modernise.hint`)}</span></span></label>`:e}
      <div class="actions">
        <button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.again}>${n(`wallet.add.again`)}</button>
        ${this.submit(n(`wallet.add.do`),n(`wallet.adding`))}
      </div>
    </form>`}dragged(e){e.preventDefault(),this.over=!0}dropped(e){e.preventDefault(),this.over=!1,e.dataTransfer&&this.look(x(e.dataTransfer))}picked(e){let t=e.target;t.files?.length&&this.look(x([...t.files])),t.value=``}look(e){this.found=void 0,this.act(n(`wallet.add.looking`),async()=>{this.found=await e,this.chosen=0,await this.focusOn(this.found.length?`input[name="found"]`:`.notice`)})}submitted(e){e.preventDefault();let t=this.found?.[this.chosen];if(!t)return;let r=this.take(),i=this.querySelector(`input[name="modernise"]`)?.checked??!1;this.act(n(`wallet.adding`),async()=>{let e=await _(),n=t.kind===`pfx`?(await e.addPfx(t.file,r))[0]:await e.add(t.item,r,{modernise:i});O(n?`#/c/${n.id}`:`#/`,`added`)})}};h([f()],A.prototype,`found`,void 0),h([f()],A.prototype,`chosen`,void 0),h([f()],A.prototype,`over`,void 0);function re(e){if(e.kind===`pfx`)return c`<span class="choice-title">${e.path}</span><span class="choice-text">${n(`wallet.add.pfx`)}</span>`;let{certificate:t,item:r}=e;return c`<span class="choice-title">${t.owner||t.cn} ${d(t)}</span>
    <span class="choice-text">${m(t)} · ${r.ca??``} · ${u(t)}</span>`}i(`ingam-wallet-add`,A);var j=class extends p{constructor(...e){super(...e),this.form=`zip`}render(){return c`<form class="stack" @submit=${this.submitted}>
      <h2>${n(`wallet.export.title`)}</h2>
      ${this.refused()}
      ${this.entry.hasR?e:y(`warning`,n(`wallet.export.no-r`),n(`wallet.export.no-r.do`))}
      <fieldset class="choices">
        <legend>${n(`wallet.export.form`)}</legend>
        ${this.choice(`zip`,n(`wallet.export.zip`),n(`wallet.export.zip.hint`))}
        ${this.choice(`old-zip`,n(`wallet.export.old`),n(`wallet.export.old.hint`))}
        ${this.choice(`pfx`,n(`wallet.export.pfx`),n(`wallet.export.pfx.hint`))}
      </fieldset>
      ${this.form===`old-zip`?y(`warning`,n(`wallet.export.weak`),n(`wallet.export.weak.do`)):e}
      ${this.passwordField(void 0,n(`wallet.export.same-password`))}
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${n(`wallet.back`)}</a>
        ${this.submit(n(`wallet.export.do`),n(`wallet.exporting`))}
      </div>
    </form>`}choice(e,t,n){return c`<label class="choice">
      <input type="radio" name="form" value=${e} .checked=${this.form===e} @change=${()=>{this.form=e}}>
      <span><span class="choice-title">${t}</span><span class="choice-text">${n}</span></span>
    </label>`}submitted(e){e.preventDefault();let{entry:t,form:r}=this,i=this.take();this.act(n(`wallet.exporting`),async()=>{let e=await _();r===`pfx`?b(await e.exportPfx(t.id,i),M(t,`pfx`),`application/x-pkcs12`):b(await e.exportZip(t.id,i,{compatible:r===`old-zip`}),M(t,`zip`),`application/zip`),O(`#/c/${t.id}`,`exported`)})}};h([v({attribute:!1})],j.prototype,`entry`,void 0),h([f()],j.prototype,`form`,void 0);function M({certificate:e},t){return`${(e.owner||e.cn).replace(/[^\p{L}\p{N} .-]/gu,``).trim()||`NPKI`} ${e.notAfter.toISOString().slice(0,10)}.${t}`}i(`ingam-wallet-export`,j);var N=class extends p{render(){return c`<form class="stack" @submit=${this.submitted}>
      <h2>${n(`wallet.name.title`)}</h2>
      ${this.refused()}
      <div class="field">
        <label for="name">${n(`wallet.name.label`)}</label>
        <input id="name" name="name" maxlength="100" autocomplete="off" required .value=${this.entry.name} aria-describedby="name-hint">
        <p class="hint" id="name-hint">${n(`wallet.name.only-here`)}</p>
      </div>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${n(`wallet.back`)}</a>
        ${this.submit(n(`wallet.save`),n(`wallet.saving`))}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(n(`wallet.saving`),async()=>{await(await _()).rename(this.entry.id,this.take(`name`)),O(`#/c/${this.entry.id}`,`named`)})}};h([v({attribute:!1})],N.prototype,`entry`,void 0),i(`ingam-wallet-name`,N);var P=class extends p{render(){return c`<form class="stack" novalidate @submit=${this.submitted}>
      <h2>${n(`wallet.password.title`)}</h2>
      ${this.refused()}
      <input type="hidden" autocomplete="username" .value=${this.entry.name}>
      ${this.passwordField(n(`wallet.password.old`))}
      <ingam-new-password .rules=${S}></ingam-new-password>
      <p class="hint">${n(`wallet.password.copies`)}</p>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${n(`wallet.back`)}</a>
        ${this.submit(n(`wallet.password.do`),n(`wallet.password.doing`))}
      </div>
    </form>`}async submitted(e){if(e.preventDefault(),!this.querySelector(`input[name="password"]`)?.reportValidity())return;let t=this.querySelector(`ingam-new-password`),r=await t?.check();r&&await this.act(n(`wallet.password.doing`),async()=>{await(await _()).changePassword(this.entry.id,this.take(),r),t?.clear(),O(`#/c/${this.entry.id}`,`password`)})}};h([v({attribute:!1})],P.prototype,`entry`,void 0),i(`ingam-wallet-password`,P);var F=class extends p{render(){let{entry:e}=this;return c`<form class="stack" @submit=${this.submitted}>
      <h2>${n(`wallet.delete.title`)}</h2>
      ${this.refused()}
      ${l(e)}
      <p>${n(`wallet.delete.lost`)}</p>
      <ul>
        <li>${n(`wallet.delete.lost.key`)}</li>
        ${g(e.certificate)===`expired`?``:c`<li>${n(`wallet.delete.lost.use`)}</li>`}
        <li>${n(`wallet.delete.lost.not`)}</li>
      </ul>
      <p><a href="#/c/${e.id}/export">${n(`wallet.delete.export-first`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${n(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${e.id}">${n(`wallet.back`)}</a>
        ${this.submit(n(`wallet.delete.do`),n(`wallet.deleting`),!0)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(n(`wallet.deleting`),async()=>{await(await _()).remove(this.entry.id),O(`#/`,`deleted`)})}};h([v({attribute:!1})],F.prototype,`entry`,void 0),i(`ingam-wallet-delete`,F);var{I:ie}=t,I=e=>e===null||typeof e!=`object`&&typeof e!=`function`,L=e=>e.strings===void 0,R={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},z=e=>(...t)=>({_$litDirective$:e,values:t}),B=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},V=(e,t)=>{let n=e._$AN;if(n===void 0)return!1;for(let e of n)e._$AO?.(t,!1),V(e,t);return!0},H=e=>{let t,n;do{if((t=e._$AM)===void 0)break;n=t._$AN,n.delete(e),e=t}while(n?.size===0)},U=e=>{for(let t;t=e._$AM;e=t){let n=t._$AN;if(n===void 0)t._$AN=n=new Set;else if(n.has(e))break;n.add(e),K(t)}};function W(e){this._$AN===void 0?this._$AM=e:(H(this),this._$AM=e,U(this))}function G(e,t=!1,n=0){let r=this._$AH,i=this._$AN;if(i!==void 0&&i.size!==0){if(t){if(Array.isArray(r))for(let e=n;e<r.length;e++)V(r[e],!1),H(r[e]);else r!=null&&(V(r,!1),H(r))}else V(this,e)}}var K=e=>{e.type==R.CHILD&&(e._$AP??=G,e._$AQ??=W)},q=class extends B{constructor(){super(...arguments),this._$AN=void 0}_$AT(e,t,n){super._$AT(e,t,n),U(this),this.isConnected=e._$AU}_$AO(e,t=!0){e!==this.isConnected&&(this.isConnected=e,e?this.reconnected?.():this.disconnected?.()),t&&(V(this,e),H(this))}setValue(e){if(L(this._$Ct))this._$Ct._$AI(e,this);else{let t=[...this._$Ct._$AH];t[this._$Ci]=e,this._$Ct._$AI(t,this,0)}}disconnected(){}reconnected(){}},J=class{constructor(e){this.G=e}disconnect(){this.G=void 0}reconnect(e){this.G=e}deref(){return this.G}},Y=class{constructor(){this.Y=void 0,this.Z=void 0}get(){return this.Y}pause(){this.Y??=new Promise(e=>this.Z=e)}resume(){this.Z?.(),this.Y=this.Z=void 0}},X=e=>!I(e)&&typeof e.then==`function`,Z=1073741823,ae=z(class extends q{constructor(){super(...arguments),this._$Cwt=Z,this._$Cbt=[],this._$CK=new J(this),this._$CX=new Y}render(...e){return e.find(e=>!X(e))??s}update(e,t){let n=this._$Cbt,r=n.length;this._$Cbt=t;let i=this._$CK,a=this._$CX;this.isConnected||this.disconnected();for(let e=0;e<t.length&&!(e>this._$Cwt);e++){let o=t[e];if(!X(o))return this._$Cwt=e,o;e<r&&o===n[e]||(this._$Cwt=Z,r=0,Promise.resolve(o).then(async e=>{for(;a.get();)await a.get();let t=i.deref();if(t!==void 0){let n=t._$Cbt.indexOf(o);n>-1&&n<t._$Cwt&&(t._$Cwt=n,t.setValue(e))}}))}return s}disconnected(){this._$CK.disconnect(),this._$CX.pause()}reconnected(){this._$CK.reconnect(this),this._$CX.resume()}});function oe(e){return c`
    <p><a class="btn btn-quiet" href="#/">${n(`wallet.to-list`)}</a></p>
    <h2>${e.name}</h2>
    ${se(e)}
    ${l(e)}
    ${Q(e)}
    ${ce(e)}`}function se(t){if(t.temporary)return y(`info`,n(`wallet.temporary`),n(`wallet.temporary.do`),{actions:c`<p><button class="btn btn-secondary" type="button" @click=${async()=>{await(await _()).keep(t.id),O(`#/c/${t.id}`,`kept`)}}>${n(`wallet.keep`)}</button></p>`});switch(g(t.certificate)){case`expired`:return y(`warning`,n(`wallet.expired`),n(`wallet.expired.do`));case`expiring`:return y(`warning`,n(`wallet.expiring`),n(`wallet.expiring.do`))}return t.lockedUntil?y(`warning`,n(`el.w.locked`),n(`el.w.locked.do`,{time:a(t.lockedUntil)})):t.encryption.weak?y(`info`,n(`wallet.weak`),n(`wallet.weak.do`)):e}function Q({id:t,certificate:r}){let i=(e,t,n)=>c`<li><a class="row" href=${e}><span class="row-body"><span class="row-title">${t}</span><span class="row-text">${n}</span></span></a></li>`;return c`<ul class="list">
    ${g(r)===`expired`?e:i(`/sign#${t}`,n(`wallet.sign`),n(`wallet.sign.hint`))}
    ${i(`#/c/${t}/export`,n(`wallet.export`),n(`wallet.export.hint`))}
    ${i(`#/c/${t}/password`,n(`wallet.password`),n(`wallet.password.hint`))}
    ${i(`#/c/${t}/name`,n(`wallet.name`),n(`wallet.name.hint`))}
    ${i(`#/c/${t}/delete`,n(`wallet.delete`),n(`wallet.delete.hint`))}
  </ul>`}function ce(e){let t=e.certificate,i=(e,t)=>c`<div><dt>${e}</dt><dd>${t}</dd></div>`;return c`<details class="more">
    <summary>${n(`wallet.facts`)}</summary>
    <dl class="facts">
      ${i(n(`wallet.fact.owner`),t.owner||t.cn)}
      ${i(n(`wallet.fact.name`),t.subject)}
      ${i(n(`wallet.fact.issuer`),t.issuer)}
      ${i(n(`wallet.fact.from`),r(t.notBefore))}
      ${i(n(`wallet.fact.to`),r(t.notAfter))}
      ${i(n(`wallet.fact.serial`),c`<span class="fingerprint">${t.serial}</span>`)}
      ${i(n(`wallet.fact.fingerprint`),ae(le(e),`…`))}
      ${i(n(`wallet.fact.added`),e.source===`issued`?n(`wallet.fact.issued-here`,{time:r(e.addedAt)}):n(`wallet.fact.imported`,{time:r(e.addedAt)}))}
      ${i(n(`wallet.fact.sealed`),n(`wallet.fact.sealed.how`,{scheme:ue(e),rounds:e.encryption.iterations.toLocaleString(`en`)}))}
      ${i(n(`wallet.fact.r`),e.hasR?n(`wallet.fact.r.yes`):n(`wallet.fact.r.no`))}
    </dl>
    <p class="hint">${n(`wallet.offline-state`)}</p>
  </details>`}async function le({certificate:e}){let t=await e.fingerprint();return c`<ingam-copy label=${n(`wallet.fact.fingerprint`)}><span class="fingerprint">${t.match(/.{1,4}/g)?.join(` `)}</span></ingam-copy>`}function ue({encryption:e}){switch(e.scheme){case`pbes2-aes256`:return`AES-256`;case`pbes2-aes128`:return`AES-128`;default:return`SEED`}}var $=class extends o{constructor(...e){super(...e),this.view=E(location.hash),this.pageTitle=document.title,this.turn=async()=>{this.view=E(location.hash),this.done=k(),await this.updateComplete;let e=this.querySelector(`h2`);document.title=this.view.at===`list`||!e?this.pageTitle:`${e.textContent.trim()} - ${this.pageTitle}`,scrollTo(0,0),await this.focusOn(this.done?`.notice`:`h2`)}}connectedCallback(){super.connectedCallback(),this.classList.add(`stack`),addEventListener(`hashchange`,this.turn),this.load()}disconnectedCallback(){super.disconnectedCallback(),removeEventListener(`hashchange`,this.turn),this.stop?.()}async load(){this.failure=void 0;try{this.wallet=await _(),this.stop?.(),this.stop=this.wallet.subscribe(()=>void this.read()),await this.read()}catch(e){this.failure=e}this.dataset.state=this.failure?`failed`:`ready`}async read(){this.entries=await this.wallet.list()}render(){if(this.failure)return ee(this.failure,c`<p><button class="btn btn-secondary" type="button" @click=${()=>this.load()}>${n(`wallet.again`)}</button></p>`);for(let e of this.querySelectorAll(`:scope > p:not([role])`))e.hidden=this.view.at!==`list`;return this.entries?c`${this.said()}${this.body(this.entries)}`:c`<p class="hint" role="status">${n(`wallet.opening`)}</p>`}said(){switch(this.done){case`added`:return y(`success`,n(`wallet.done.added`),n(`wallet.done.added.do`));case`named`:return y(`success`,n(`wallet.done.named`));case`password`:return y(`success`,n(`wallet.done.password`),n(`wallet.done.password.do`));case`deleted`:return y(`success`,n(`wallet.done.deleted`));case`exported`:return y(`success`,n(`wallet.done.exported`),n(`wallet.done.exported.do`));case`kept`:return y(`success`,n(`wallet.done.kept`));default:return e}}body(e){let{view:t}=this;if(t.at===`list`)return de(e);if(t.at===`add`)return c`<ingam-wallet-add></ingam-wallet-add>`;let r=e.find(({id:e})=>e===t.id);if(!r)return y(`warning`,n(`el.w.gone`),n(`el.w.gone.do`),{actions:c`<p><a class="btn btn-secondary" href="#/">${n(`wallet.to-list`)}</a></p>`});switch(t.at){case`show`:return oe(r);case`name`:return c`<ingam-wallet-name .entry=${r}></ingam-wallet-name>`;case`password`:return c`<ingam-wallet-password .entry=${r}></ingam-wallet-password>`;case`export`:return c`<ingam-wallet-export .entry=${r}></ingam-wallet-export>`;case`delete`:return c`<ingam-wallet-delete .entry=${r}></ingam-wallet-delete>`}}};h([f()],$.prototype,`entries`,void 0),h([f()],$.prototype,`view`,void 0),h([f()],$.prototype,`failure`,void 0),h([f()],$.prototype,`done`,void 0);function de(e){return e.length?c`
    <h2>${n(`wallet.count`,{n:e.length})}</h2>
    <ul class="cards">${e.map(e=>c`<li>${l(e,`#/c/${e.id}`)}</li>`)}</ul>
    <p class="hint">${n(`wallet.here-only`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${n(`wallet.add`)}</a>
      <a class="btn btn-secondary" href="/apply">${n(`wallet.issue`)}</a>
    </div>`:c`<div class="empty">
      <h2>${n(`wallet.empty`)}</h2>
      <p>${n(`wallet.empty.do`)}</p>
      <div class="actions">
        <a class="btn btn-primary" href="/apply">${n(`wallet.issue`)}</a>
        <a class="btn btn-secondary" href="#/add">${n(`wallet.add`)}</a>
      </div>
    </div>`}i(`ingam-wallet`,$),T();