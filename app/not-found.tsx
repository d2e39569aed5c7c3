import { Refused } from '@/components/help/Refused';

/** Ours and not Next's own, which brings a style element that the policy of pages does not allow. */
export default function NotFound() {
  return (
    <Refused
      kind="not-found"
      detail="There is no such page."
      next="The dashboard is at /, its help at /help."
    />
  );
}
