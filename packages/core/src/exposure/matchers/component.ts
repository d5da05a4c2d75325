import type { Matcher } from '../matcher.ts'
import { matchAdvisory } from '../match-advisory.ts'

/** Software inside the device, named `MAKER/PRODUCT`, held against the advisories on that software. */
export const component: Matcher = {
  name: 'component',

  match({ components = {} }, index) {
    return Object.entries(components).flatMap(([name, version]) => {
      const [manufacturer = '', model = ''] = name.split('/')
      if (manufacturer === '' || model === '') return []
      const part = { manufacturer, model, version }
      const advisories = Map.groupBy(index.candidatesFor(part), ({ entry }) => entry.advisory.id)
      return [...advisories.values()].flatMap((one) => matchAdvisory(part, one, 'component'))
    })
  },
}
