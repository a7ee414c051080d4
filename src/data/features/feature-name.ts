/** What the column of a feature is called: stable, so that feature weights and saved models can refer to it. */
import { type FeatureSpec, featureEntry } from "./catalogue.ts";
import { type ExtensionFeature, extensionColumn } from "./feature-extension.ts";

/** A feature of the catalogue or of an extension, with all its parameters. */
export type FeatureRequest = FeatureSpec | ExtensionFeature;

/**
 * The feature's name, or that of its column, then the bars that always stand there, then what differs from the default:
 * momentum_60, momentum_252_skip_21, macd_12_26_9_line, news_sentiment, news_sentiment_lookback_5.
 */
export function featureName(spec: FeatureRequest): string {
  if ("extension" in spec) return extensionColumn(spec);
  const { name, ...values } = spec;
  const parts: string[] = [];
  const changed: string[] = [];
  let subject: string = name;
  for (const [key, parameter] of Object.entries(featureEntry(name).parameters)) {
    const value = (values as Readonly<Record<string, number | string | null>>)[key];
    if (parameter.kind === "column") subject = String(value);
    else if (parameter.kind === "bars" && parameter.leading) parts.push(String(value));
    else if (value === parameter.default) continue;
    else if (parameter.kind === "choice") changed.push(String(value));
    else changed.push(`${key.replace(/Bars$/, "")}_${value}`);
  }
  return [subject, ...parts, ...changed].join("_");
}
