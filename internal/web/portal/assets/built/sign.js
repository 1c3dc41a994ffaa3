import{C as e,E as t,T as n,b as r,f as i,g as a,r as o}from"./shared-base.js";import{n as s,r as c,t as l}from"./shared-open.js";import{t as u}from"./shared-download.js";import{i as d,n as f,r as p,t as m}from"./shared-choose.js";var h=32<<20,g=class extends s{constructor(...e){super(...e),this.source=`text`,this.large=!1,this.again=()=>{this.result=void 0,this.dataset.state=`idle`}}connectedCallback(){super.connectedCallback(),this.act(a(`sign.opening`),async()=>{let e=await l(),t=async()=>{this.entries=await e.list(),this.chosen=f(this.entries,this.chosen??location.hash.replace(/^#\/?/,``))};e.subscribe(()=>void t()),await t()})}render(){if(!this.entries)return t`${this.refused()}${this.busy?t`<p class="hint" role="status">${a(`sign.opening`)}</p>`:n}`;if(this.result)return this.signed(this.result);if(!this.entries.length)return p();let e=this.entries.find(({id:e})=>e===this.chosen),r=e&&d(e);return t`<form class="stack" @submit=${this.submitted}>
      ${this.refused()}
      ${this.content()}
      ${m(this.entries,this.chosen,e=>{this.chosen=e,this.failure=void 0})}
      ${r??this.passwordField()}
      <div class="actions">
        ${this.submit(a(`sign.do`),a(`sign.signing`))}
      </div>
    </form>`}content(){let e=(e,n)=>t`<label class="choice">
      <input type="radio" name="source" value=${e} .checked=${this.source===e} @change=${()=>{this.source=e}}>
      <span class="choice-title">${n}</span></label>`;return t`<fieldset class="choices">
        <legend>${a(`sign.what`)}</legend>
        ${e(`text`,a(`sign.text`))}${e(`file`,a(`sign.file`))}
      </fieldset>
      <div class="field" ?hidden=${this.source!==`text`}>
        <label for="text">${a(`sign.text.label`)}</label>
        <textarea id="text" name="text" rows="6" maxlength="100000" ?required=${this.source===`text`}></textarea>
      </div>
      <div class="field" ?hidden=${this.source!==`file`}>
        <label for="file">${a(`sign.file.label`)}</label>
        <input id="file" name="file" type="file" ?required=${this.source===`file`} aria-describedby="file-hint"
          aria-invalid=${this.large?`true`:n}>
        <p class="hint" id="file-hint">${a(`sign.file.hint`)}</p>
        ${this.large?t`<p class="error" role="alert">${a(`sign.file.large`)}</p>`:n}
      </div>
      <label class="check" ?hidden=${this.source!==`file`}><input type="checkbox" name="detached"> <span>${a(`sign.detached`)}</span></label>`}submitted(e){e.preventDefault();let t=this.entries?.find(({id:e})=>e===this.chosen);if(!t)return;if(d(t)){this.focusOn(`.notice-danger`);return}let n=this.source===`file`?this.querySelector(`#file`)?.files?.[0]:void 0;if(this.large=!!n&&n.size>h,this.large)return;let r=this.querySelector(`#text`)?.value??``,i=!!n&&!!this.querySelector(`input[name="detached"]`)?.checked,o=this.take();this.act(a(`sign.signing`),async()=>{let e=n?new Uint8Array(await n.arrayBuffer()):r,a=new Date,s=await(await l()).sign(t.id,o,e,{attributes:!0,signingTime:a,withChain:!0,detached:i});this.result={message:s,at:a,detached:i,owner:t.certificate.owner||t.certificate.cn,name:n?`${n.name}.${i?`p7s`:`p7m`}`:`signed.p7m`,what:n?n.name:r},this.dataset.state=`signed`,await this.focusOn(`h2`)})}signed(e){return t`
      <div class="sealed"><div class="seal seal-press" aria-hidden="true"></div>
      <h2>${a(`sign.done`)}</h2></div>
      <dl class="facts">
        <div><dt>${a(`sign.done.what`)}</dt><dd>${e.what.length>80?e.what.slice(0,80)+`…`:e.what}</dd></div>
        <div><dt>${a(`sign.done.who`)}</dt><dd>${e.owner}</dd></div>
        <div><dt>${a(`sign.done.when`)}</dt><dd>${r(e.at)}</dd></div>
      </dl>
      <p>${e.detached?a(`sign.done.detached`):a(`sign.done.attached`)}</p>
      <div class="actions">
        <button class="btn btn-primary" type="button" @click=${()=>u(e.message,e.name,`application/pkcs7-mime`)}>${a(`sign.download`)}</button>
      </div>
      <div class="row-actions">
        <ingam-copy value=${i(e.message)} label=${a(`sign.copy`)}></ingam-copy>
        <button class="btn btn-quiet" type="button" @click=${this.again}>${a(`sign.again`)}</button>
      </div>
      <p><a href="/verify">${a(`sign.verify`)}</a></p>`}};c([o()],g.prototype,`entries`,void 0),c([o()],g.prototype,`chosen`,void 0),c([o()],g.prototype,`source`,void 0),c([o()],g.prototype,`result`,void 0),c([o()],g.prototype,`large`,void 0),e(`ingam-sign`,g);