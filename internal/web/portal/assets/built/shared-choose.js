import{E as e,b as t,g as n,s as r}from"./shared-base.js";import{c as i,i as a,o,s}from"./shared-open.js";function c(t,r,s){return e`<fieldset class="choices">
    <legend>${n(`el.keep.choose`)}</legend>
    ${t.map(t=>e`<label class="choice">
      <input type="radio" name="certificate" value=${t.id} required .checked=${t.id===r} @change=${()=>s(t.id)}>
      <span><span class="choice-title">${t.name} ${a(t.certificate)}</span>
        <span class="choice-text">${o(t.certificate)} · ${t.ca} · ${i(t.certificate)}</span></span>
    </label>`)}
  </fieldset>`}function l(e,t){return(e.find(({id:e})=>e===t)??e.find(e=>u(e))??e[0])?.id}function u({certificate:e}){let t=s(e);return t===`valid`||t===`expiring`}function d(i){let a=s(i.certificate);if(a===`expired`)return r(`danger`,n(`el.w.expired`),n(`el.w.expired.do`),{actions:e`<p><a class="btn btn-secondary" href="/apply">${n(`el.keep.issue`)}</a></p>`});if(a===`future`)return r(`danger`,n(`el.keep.future`),n(`el.keep.future.do`,{time:t(i.certificate.notBefore)}))}function f(){return e`<div class="empty">
    <h2>${n(`el.keep.none`)}</h2>
    <p>${n(`el.keep.none.do`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="/wallet#/add">${n(`el.keep.import`)}</a>
      <a class="btn btn-secondary" href="/apply">${n(`el.keep.issue`)}</a>
    </div>
  </div>`}export{d as i,l as n,f as r,c as t};