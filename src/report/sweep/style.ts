/** What the report of a sweep adds to the style sheet of every report: small multiples, headings that sort, the verdict. */
export const SWEEP_STYLE = `
.multiples{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:2rem 2.5rem;margin-top:1.5rem}
.part>h2+.multiples{margin-top:0}
.multiples .figure{margin-top:0}
.multiples .static.wide{display:none}
.multiples .static.narrow{display:block}
.multiples+.table,.multiples+details{margin-top:1.75rem}
.reading{max-width:44rem;margin-top:1.5rem;text-wrap:pretty}
.part>h2+.reading{margin-top:0}
.reading+.metrics{margin-top:1.75rem}
.verdict{margin-top:1.75rem;padding:.2rem 0 .2rem 1rem;border-left:3px solid var(--muted);max-width:44rem}
.verdict h2{font:600 .9375rem/1.4 var(--sans)}
.verdict p{margin-top:.35rem;text-wrap:pretty}
.verdict.stands{border-color:var(--accent)}
.verdict.luck{border-color:var(--loss)}
.verdict.luck h2{color:var(--loss)}
.sortable th button{font:inherit;color:inherit;border:0;border-radius:0;padding:0;text-align:inherit;line-height:1.3;white-space:normal}
.sortable th button:hover{color:var(--accent)}
.sortable th[aria-sort] button{color:var(--accent)}
.sortable th[aria-sort=ascending] button::after{content:" ↑"}
.sortable th[aria-sort=descending] button::after{content:" ↓"}
.sortable thead th{white-space:normal;min-width:3.2rem}
.sortable .plain thead th{position:sticky;top:0;background:var(--paper)}
@media (max-width:46rem){.multiples{grid-template-columns:minmax(0,1fr)}}`;
