import type { PasswordProblem } from '@ingam/wallet'

/** A rule as the page shows it; forbidden signs and foreign letters are one line. */
export type Rule = 'length' | 'letter' | 'digit' | 'special' | 'charset'

/** `open`: not met yet. `broken`: something typed must go. */
export type Mark = 'ok' | 'open' | 'broken'

const order: Rule[] = ['length', 'letter', 'digit', 'special', 'charset']

const ruleOf: Record<PasswordProblem, Rule> = {
  short: 'length',
  letter: 'letter',
  digit: 'digit',
  special: 'special',
  forbidden: 'charset',
  charset: 'charset',
}

/** How each rule stands for what was typed. */
export function marks(typed: string, problems: readonly PasswordProblem[]): { rule: Rule; mark: Mark }[] {
  const missed = new Set(problems.map((p) => ruleOf[p]))
  return order.map((rule) => {
    if (!typed) return { rule, mark: 'open' }
    if (!missed.has(rule)) return { rule, mark: 'ok' }
    return { rule, mark: rule === 'charset' ? 'broken' : 'open' }
  })
}
