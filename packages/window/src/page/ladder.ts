// An explanation: the checks in their order, and what to do about the first check that fails.

import type { Explanation, Finding } from '@coreyard/inspector'
import { visible } from '../text.js'
import { make } from './dom.js'

const SIGNS: { readonly [Status in Finding['status']]: readonly [sign: string, meaning: string] } = {
  ok: ['check', 'well'],
  note: ['exclamation', 'note'],
  problem: ['cross', 'problem'],
}

export function makeLadder({ problem, findings }: Explanation): HTMLElement {
  const verdict =
    problem === null
      ? make('p', { class: 'verdict ok' }, 'Nothing stands in the way.')
      : make('p', { class: 'verdict problem' }, visible(problem.sentence))
  return make('div', { class: 'ladder' }, verdict, make('ol', {}, ...findings.map(makeStep)))
}

function makeStep({ status, sentence, code, remedy }: Finding): HTMLElement {
  const [sign, meaning] = SIGNS[status]
  const step = make(
    'li',
    { class: status },
    make('span', { class: `sign ${sign}`, role: 'img', 'aria-label': meaning }),
    make('span', { class: 'sentence' }, visible(sentence), ' ', make('code', {}, code)),
  )
  if (remedy !== null) step.append(make('p', { class: 'remedy' }, visible(remedy)))
  return step
}
