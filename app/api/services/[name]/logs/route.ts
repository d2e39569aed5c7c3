import { findService } from '@/lib/swarm/find-entity';
import { problemResponse } from '@/lib/http';
import { logResponse } from '@/lib/logs';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ name: string }> };

/** The log of all tasks of a service, by its name or id. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { name } = await params;
  return logResponse(request, (view) => {
    const service = findService(view, name);
    if (service) return { target: { kind: 'service', id: service.id }, name: service.name };
    return problemResponse(
      'not-found',
      'No service has this name or id.',
      'Give the name of a service that docker service ls shows.',
    );
  });
}

/** The headers of `GET`, without a stream. */
export function HEAD(request: Request, context: Context): Promise<Response> {
  return GET(request, context);
}
