import { FAIR_RATE, PORT_REUSE_NOTE, RATES } from '@/lib/curl/run';
import { Choice } from './Control';
import { changeSettings } from './settings-store';

const FAIR_RATES: readonly number[] = RATES.filter((rate) => rate <= FAIR_RATE);

/** Requests per second. Rates above {@link FAIR_RATE} are shown on demand, with a warning. */
export function RateControl({
  rate,
  locked,
  higher,
}: {
  rate: number;
  locked: boolean;
  /** Whether all rates are shown. */
  higher: boolean;
}) {
  const all = higher || rate > FAIR_RATE;
  return (
    <>
      <Choice
        label="Rate"
        name="Rate"
        isBrief
        choices={all ? RATES : FAIR_RATES}
        words={(each) => `${each}/s`}
        value={rate}
        locked={locked}
        onChange={(next) => changeSettings({ rate: next })}
      />
      {all && <p className="order-last w-full text-xs text-warn">{PORT_REUSE_NOTE}</p>}
    </>
  );
}
