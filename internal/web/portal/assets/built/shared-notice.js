import{_ as e,c as t,o as n,x as r,y as i}from"./shared-api.js";function a(n,r,a,o){return i`<div class="notice notice-${n}" role=${n===`danger`||n===`warning`?`alert`:`status`} tabindex="-1">
    ${c(n)}
    <div class="notice-body">
      <p class="notice-title">${r}</p>
      ${a?i`<p>${a}</p>`:e}
      ${o?.code?i`<p class="notice-code">${t(`el.notice.code`,{code:o.code})}</p>`:e}
      ${o?.actions??e}
    </div>
  </div>`}function o(e,t){let r=n(e);return a(`danger`,r.title,r.detail,{code:r.code,actions:t})}function s(e,t){return i`<p class="error" id=${e}>${c(`danger`,`icon icon-small`)}<span>${t}</span></p>`}function c(e,t=`icon`){let n={danger:r`<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/><path d="M12 7v6m0 3v.01"/>`,warning:r`<path d="M12 3 2 21h20z"/><path d="M12 10v5m0 3v.01"/>`,success:r`<circle cx="12" cy="12" r="10"/><path d="m7 12.5 3.5 3.5L17 9"/>`,info:r`<circle cx="12" cy="12" r="10"/><path d="M12 11v6m0-10v.01"/>`}[e];return i`<svg class=${t} viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"
    stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${n}</svg>`}export{a as n,o as r,s as t};