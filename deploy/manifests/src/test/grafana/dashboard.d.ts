// A dashboard as a file: of Grafana's own types, with no field that they do not have. They leave open what a panel's options and queries are; for the panels
// and the data source that there are here it is said here.
import type { Dashboard, DataQuery, DataSourceRef, Panel, RowPanel, VariableModel } from "@grafana/schema";
import type { Options as StatOptions } from "@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.d.ts";
import type {
  FieldConfig as TimeSeriesFieldConfig,
  Options as TimeSeriesOptions,
} from "@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.d.ts";

/** In a file the values of enumerations are text. */
type Json<T> = unknown extends T
  ? T
  : T extends string
    ? `${T}`
    : T extends (infer E)[]
      ? Json<E>[]
      : T extends object
        ? { [K in keyof T]: Json<T[K]> }
        : T;

/** What is left out has its default. */
type Partly<T> = T extends (infer E)[] ? E[] : T extends object ? { [K in keyof T]?: Partly<T[K]> } : T;

type Prometheus = Required<Pick<DataSourceRef, "uid">> & { type: "prometheus" };

/** Of Grafana's PrometheusQuery, which is in no package without the whole of Grafana. */
interface Query extends Omit<DataQuery, "datasource"> {
  datasource: Prometheus;
  expr: string;
  legendFormat: string;
  instant?: boolean;
  range?: boolean;
  interval?: string;
  format?: "time_series" | "table" | "heatmap";
}

type Values<OPTIONS, CUSTOM> = Omit<Panel, "type" | "datasource" | "options" | "fieldConfig" | "targets"> & {
  datasource: Prometheus;
  fieldConfig: Omit<NonNullable<Panel["fieldConfig"]>, "defaults"> & {
    defaults: Omit<NonNullable<Panel["fieldConfig"]>["defaults"], "custom"> & { custom?: Partly<CUSTOM> };
  };
  options: Partly<OPTIONS>;
  targets: Query[];
};

interface Stat extends Values<StatOptions, never> {
  type: "stat";
}

interface TimeSeries extends Values<TimeSeriesOptions, TimeSeriesFieldConfig> {
  type: "timeseries";
}

interface Variable extends Omit<VariableModel, "type" | "query" | "datasource"> {
  type: "query";
  query: { query: string; refId: string };
  datasource: Prometheus;
}

export type File = Json<
  Omit<Dashboard, "panels" | "templating"> & {
    uid: string;
    title: string;
    panels: (Stat | TimeSeries | RowPanel)[];
    templating?: { list: Variable[] };
  }
>;
