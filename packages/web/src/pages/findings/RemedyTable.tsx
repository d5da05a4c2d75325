import { Link } from '@tanstack/react-router'
import type { listRemedies } from '@wardkeeper/contract'
import type { CallOutput } from '../../api/call.ts'
import { Bar } from '../../ui/Bar.tsx'
import { SeverityMark } from '../../ui/Marks.tsx'
import { sayCount } from '../../ui/words.ts'
import { sayRemedy } from './remedy.ts'

type Remedy = CallOutput<typeof listRemedies>['items'][number]

/** Open findings by what would end them: one deed, many devices. */
export function RemedyTable({ items }: { readonly items: readonly Remedy[] }) {
  const most = Math.max(1, ...items.map((item) => item.affected + item.possiblyAffected))
  return (
    <table className="rows" aria-label="Open findings by remedy">
      <thead>
        <tr>
          <th scope="col">What would end it</th>
          <th scope="col">Severity</th>
          <td aria-hidden="true" />
          <th scope="col" className="number">
            Affected
          </th>
          <th scope="col" className="number">
            Possibly
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={`${item.remedy} ${item.subject}`}>
            <td>
              <Link
                to="/findings"
                search={{
                  remedy: item.remedy,
                  subject: item.subject,
                  state: ['open'],
                  view: 'device',
                }}
                data-row=""
              >
                {sayRemedy(item)}
              </Link>
            </td>
            <td>
              <SeverityMark severity={item.severity} />
            </td>
            <td style={{ width: '18%' }} aria-hidden="true">
              <Bar parts={[item.affected, item.possiblyAffected]} most={most} />
            </td>
            <td className="number">{sayCount(item.affected)}</td>
            <td className="number">{sayCount(item.possiblyAffected)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
