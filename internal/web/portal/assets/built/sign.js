import{D as e,E as t,_ as n,p as r,r as i,w as a,x as o}from"./shared-base.js";import{i as s,r as c,t as l}from"./shared-open.js";import{t as u}from"./shared-download.js";import{i as d,n as f,r as p,t as m}from"./shared-choose.js";var h=32<<20,g=class extends c{constructor(...e){super(...e),this.source=`text`,this.large=!1,this.again=()=>{this.result=void 0,this.dataset.state=`idle`}}connectedCallback(){super.connectedCallback(),this.act(n(`sign.opening`),async()=>{let e=await l(),t=async()=>{this.entries=await e.list(),this.chosen=f(this.entries,this.chosen??location.hash.replace(/^#\/?/,``))};e.subscribe(()=>void t()),await t()})}render(){if(!this.entries)return e`${this.refused()}${this.busy?e`<p class="hint" role="status">${n(`sign.opening`)}</p>`:t}`;if(this.result)return this.signed(this.result);if(!this.entries.length)return p();let r=this.entries.find(({id:e})=>e===this.chosen),i=r&&d(r);return e`<form class="stack" @submit=${this.submitted}>
      ${this.refused()}
      ${this.content()}
      ${m(this.entries,this.chosen,e=>{this.chosen=e,this.failure=void 0})}
      ${i??this.passwordField()}
      <div class="actions">
        ${this.submit(n(`sign.do`),n(`sign.signing`))}
      </div>
    </form>`}content(){let r=(t,n)=>e`<label class="choice">
      <input type="radio" name="source" value=${t} .checked=${this.source===t} @change=${()=>{this.source=t}}>
      <span class="choice-title">${n}</span></label>`;return e`<fieldset class="choices">
        <legend>${n(`sign.what`)}</legend>
        ${r(`text`,n(`sign.text`))}${r(`file`,n(`sign.file`))}
      </fieldset>
      <div class="field" ?hidden=${this.source!==`text`}>
        <label for="text">${n(`sign.text.label`)}</label>
        <textarea id="text" name="text" rows="6" maxlength="100000" ?required=${this.source===`text`}></textarea>
      </div>
      <div class="field" ?hidden=${this.source!==`file`}>
        <label for="file">${n(`sign.file.label`)}</label>
        <input id="file" name="file" type="file" ?required=${this.source===`file`} aria-describedby="file-hint"
          aria-invalid=${this.large?`true`:t}>
        <p class="hint" id="file-hint">${n(`sign.file.hint`)}</p>
        ${this.large?e`<p class="error" role="alert">${n(`sign.file.large`)}</p>`:t}
      </div>
      <label class="check" ?hidden=${this.source!==`file`}><input type="checkbox" name="detached"> <span>${n(`sign.detached`)}</span></label>`}submitted(e){e.preventDefault();let t=this.entries?.find(({id:e})=>e===this.chosen);if(!t)return;if(d(t)){this.focusOn(`.notice-danger`);return}let r=this.source===`file`?this.querySelector(`#file`)?.files?.[0]:void 0;if(this.large=!!r&&r.size>h,this.large)return;let i=this.querySelector(`#text`)?.value??``,a=!!r&&!!this.querySelector(`input[name="detached"]`)?.checked,o=this.take();this.act(n(`sign.signing`),async()=>{let e=r?new Uint8Array(await r.arrayBuffer()):i,n=new Date,s=await(await l()).sign(t.id,o,e,{attributes:!0,signingTime:n,withChain:!0,detached:a});this.result={message:s,at:n,detached:a,owner:t.certificate.owner||t.certificate.cn,name:r?`${r.name}.${a?`p7s`:`p7m`}`:`signed.p7m`,what:r?r.name:i},this.dataset.state=`signed`,await this.focusOn(`h2`)})}signed(t){return e`
      <div class="sealed"><div class="seal seal-press" aria-hidden="true"></div>
      <h2>${n(`sign.done`)}</h2></div>
      <dl class="facts">
        <div><dt>${n(`sign.done.what`)}</dt><dd>${t.what.length>80?t.what.slice(0,80)+`…`:t.what}</dd></div>
        <div><dt>${n(`sign.done.who`)}</dt><dd>${t.owner}</dd></div>
        <div><dt>${n(`sign.done.when`)}</dt><dd>${o(t.at)}</dd></div>
      </dl>
      <p>${t.detached?n(`sign.done.detached`):n(`sign.done.attached`)}</p>
      <div class="actions">
        <button class="btn btn-primary" type="button" @click=${()=>u(t.message,t.name,`application/pkcs7-mime`)}>${n(`sign.download`)}</button>
      </div>
      <div class="row-actions">
        <ingam-copy value=${r(t.message)} label=${n(`sign.copy`)}></ingam-copy>
        <button class="btn btn-quiet" type="button" @click=${this.again}>${n(`sign.again`)}</button>
      </div>
      <p><a href="/verify">${n(`sign.verify`)}</a></p>`}};s([i()],g.prototype,`entries`,void 0),s([i()],g.prototype,`chosen`,void 0),s([i()],g.prototype,`source`,void 0),s([i()],g.prototype,`result`,void 0),s([i()],g.prototype,`large`,void 0),a(`ingam-sign`,g);