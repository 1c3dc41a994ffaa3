import{c as e,f as t,y as n}from"./shared-api.js";import{n as r}from"./shared-notice.js";import{c as i,i as a,o,s}from"./shared-open.js";function c(t,r,s){return n`<fieldset class="choices">
    <legend>${e(`el.keep.choose`)}</legend>
    ${t.map(e=>n`<label class="choice">
      <input type="radio" name="certificate" value=${e.id} required .checked=${e.id===r} @change=${()=>s(e.id)}>
      <span><span class="choice-title">${e.name} ${a(e.certificate)}</span>
        <span class="choice-text">${o(e.certificate)} · ${e.ca} · ${i(e.certificate)}</span></span>
    </label>`)}
  </fieldset>`}function l(e,t){return(e.find(({id:e})=>e===t)??e.find(e=>u(e))??e[0])?.id}function u({certificate:e}){let t=s(e);return t===`valid`||t===`expiring`}function d(i){let a=s(i.certificate);if(a===`expired`)return r(`danger`,e(`el.w.expired`),e(`el.w.expired.do`),{actions:n`<p><a class="btn btn-secondary" href="/apply">${e(`el.keep.issue`)}</a></p>`});if(a===`future`)return r(`danger`,e(`el.keep.future`),e(`el.keep.future.do`,{time:t(i.certificate.notBefore)}))}function f(){return n`<div class="empty">
    <h2>${e(`el.keep.none`)}</h2>
    <p>${e(`el.keep.none.do`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="/wallet#/add">${e(`el.keep.import`)}</a>
      <a class="btn btn-secondary" href="/apply">${e(`el.keep.issue`)}</a>
    </div>
  </div>`}export{d as i,l as n,f as r,c as t};