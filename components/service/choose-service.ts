import { liveCache } from '@/lib/client/cache';
import { setParameter } from '@/lib/client/page-address';

/** Shows a service in the service panel, as soon as the view has it, and names it in the page's address. */
export function chooseService(name: string): void {
  liveCache.update('chosenService', () => name);
  setParameter('service', name);
}
