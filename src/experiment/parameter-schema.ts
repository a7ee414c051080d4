/** Rules of XGBoost's parameters as types of the experiment's YAML. */
import { z } from "zod";
import type { ParameterRule } from "../models/xgboost-parameters.ts";

export function parameterType(rule: ParameterRule): z.ZodType {
  switch (rule.type) {
    case "number":
      return rule.aboveMin === true ? z.number().gt(rule.min).max(rule.max) : z.number().min(rule.min).max(rule.max);
    case "whole":
      return z.int().min(rule.min).max(rule.max);
    case "choice":
      return z.enum(rule.values);
    case "directions":
      return z.record(z.string(), z.literal([-1, 0, 1]));
    case "groups":
      return z.array(z.array(z.string()).min(1)).min(1);
  }
}
