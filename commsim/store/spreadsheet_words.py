"""What the tables of a results folder and their columns are called in a workbook, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commsim.i18n import Bilingual

CONTENTS_SHEET = "Contents 目录"
COLUMNS_SHEET = "Columns 列说明"
_NUMBER_OF_FILE = re.compile(r"-\d{3,}$")


@dataclass(frozen=True)
class TableWords:
    """A table of the workbook: its `place` among the sheets, its `title`, and what one `row` is."""

    place: int
    title: Bilingual
    row: Bilingual


@dataclass(frozen=True)
class Column:
    """A column: its title and what it means."""

    title: Bilingual
    doc: Bilingual


def table_words(table: str) -> TableWords | None:
    """The words of a table by the name of its file; None for tables that a workbook does not hold."""
    return _TABLES.get(_stem(table))


def column_words(table: str, name: str) -> Column:
    """The words of a column; where a column has none, its own name."""
    own = _COLUMNS.get(f"{_stem(table)}.{name}") or _COLUMNS.get(name)
    return own or Column(Bilingual(en=name, zh=name), Bilingual(en="", zh=""))


def _stem(table: str) -> str:
    return _NUMBER_OF_FILE.sub("", table.removesuffix(".parquet"))


def _table(place: int, en: str, zh: str, row_en: str, row_zh: str) -> TableWords:
    return TableWords(place, Bilingual(en=en, zh=zh), Bilingual(en=row_en, zh=row_zh))


def _column(en: str, zh: str, doc_en: str = "", doc_zh: str = "") -> Column:
    return Column(Bilingual(en=en, zh=zh), Bilingual(en=doc_en, zh=doc_zh))


_TABLES = {
    "summary-table": _table(
        1,
        "Differences",
        "与对照相比",
        "an indicator of a rule, compared with the baseline",
        "一种规则的一项指标与对照之比",
    ),
    "summary-pairwise": _table(
        2, "Pairs of rules", "规则两两相比", "an indicator of a pair of rules", "一对规则的一项指标"
    ),
    "summary-differences": _table(
        3, "By replicate", "各次重复之差", "an indicator of a rule in a replicate", "一种规则在一次重复中的一项指标"
    ),
    "summary-split": _table(
        4,
        "Parts of effects",
        "效果构成",
        "a part (call, money, mechanism) of a rule's effect on an indicator",
        "一种规则对一项指标的效果的一个组成部分（动员、经费、机制）",
    ),
    "summary-call-shares": _table(
        5,
        "Share of the call",
        "动员所占比例",
        "a rule: which share of its net drawn in is the call's",
        "一种规则：净新增参与者中动员所占的比例",
    ),
    "summary-who-gains": _table(
        6,
        "Who gains",
        "谁受益",
        "a group of residents under a rule",
        "一种规则下的一类居民",
    ),
    "summary": _table(
        7,
        "Summary",
        "汇总",
        "an indicator of a run; of an experiment an arm in a replicate and round",
        "一次运行的一项指标；如为实验，则为一个实验组在一次重复的一轮",
    ),
    "failures": _table(8, "Failed runs", "失败的运行", "a run that failed", "一次失败的运行"),
    "skipped": _table(
        9,
        "Skipped rounds",
        "跳过的轮次",
        "a round or review that was skipped because a rule failed",
        "因规则出错而跳过的一轮评定或复核",
    ),
    "facts": _table(1, "Facts", "已发表的事实", "a test of a published fact", "一项已发表事实的一项检验"),
    "values": _table(
        2,
        "Simulated values",
        "模拟值",
        "a test in a draw of the parameters and a seed",
        "一组参数、一个种子下的一项检验",
    ),
}

_INTERVAL = (
    "Bound of the 95% interval over replicates; empty: there is none",
    "各次重复的 95% 区间的界限；空格表示没有",
)
_COLUMNS = {
    "rule": _column("Rule", "规则", "The rule of the fund under comparison", "所比较资金的规则"),
    "other": _column("Other rule", "另一种规则", "The rule that is subtracted", "被减的规则"),
    "part": _column("Part", "组成部分", "call, money or mechanism", "call 动员，money 经费，mechanism 机制"),
    "summary-split.difference": _column(
        "Difference", "差值", "Mean of this part over replicates; the three add up to rule minus no fund",
        "该部分在各次重复的均值；三部分之和为规则减不设自治金",
    ),
    "share": _column("Share", "比例", "Of the rule's net drawn in", "占该规则净新增参与者的比例"),
    "by": _column("By", "分类方式", "What residents are told apart by", "居民的分类方式"),
    "group": _column("Group", "类别"),
    "adults": _column("Adults", "成年居民", "Mean over replicates", "各次重复的均值"),
    "baseline_share": _column(
        "Share in the baseline", "基准情形中的比例", "Of these adults who gave or started something in 12 months",
        "近 12 个月有实际投入者占该类成年居民的比例",
    ),
    "net_drawn_in": _column("Net drawn in", "净新增参与者", "Residents, mean over replicates", "人，各次重复的均值"),
    "points": _column("Points", "百分点", "Net drawn in per 100 adults of the group", "每百名成年居民净新增参与者"),
    "points_low": _column("Points, 95% from", "百分点 95% 区间下限", *_INTERVAL),
    "points_high": _column("Points, 95% to", "百分点 95% 区间上限", *_INTERVAL),
    "replicate": _column(
        "Replicate", "重复", "Number of the replicate, from 0: same residents and luck in every rule",
        "重复的序号，从 0 起：各规则的居民和随机条件相同",
    ),
    "indicator": _column("Indicator", "指标", "What is measured", "所衡量的内容"),
    "value": _column("Value", "数值", "In the unit of its row", "单位见同行"),
    "unit": _column("Unit", "单位", "A share of 0.05 is 5%", "比例 0.05 即 5%"),
    "skipped.unit": _column("Deciding unit", "评定单位", "The unit that decides", "作出评定的单位"),
    "baseline_value": _column("Baseline", "对照", "The baseline's figure", "对照的数值"),
    "difference": _column(
        "Difference", "差值", "Rule minus baseline, same residents and luck; of figures of pairs the figure itself",
        "同样的居民和随机条件下，规则减对照；仅成对才有的指标为其本身",
    ),
    "summary-pairwise.difference": _column(
        "Difference", "差值", "Rule minus other rule, on the same residents and luck",
        "同样的居民和随机条件下，规则减另一种规则",
    ),
    "numerator": _column("Numerator", "分子", "Of figures that are ratios of pairs", "成对比率指标的分子"),
    "denominator": _column("Denominator", "分母", "Of figures that are ratios of pairs", "成对比率指标的分母"),
    "mean": _column("Mean", "均值", "Mean over replicates", "各次重复的均值"),
    "baseline_mean": _column("Baseline, mean", "对照均值", "Mean over replicates", "各次重复的均值"),
    "low": _column("95% from", "95% 区间下限", *_INTERVAL),
    "high": _column("95% to", "95% 区间上限", *_INTERVAL),
    "n": _column("Replicates", "重复次数", "Pairs of runs behind the figure", "数值所依据的成对运行数"),
    "same_sign": _column(
        "Same sign", "同号", "Share of replicates whose difference has the sign of the mean", "与均值同号的重复所占比例"
    ),
    "p": _column("p", "p 值", "Not corrected", "未校正"),
    "p_holm": _column(
        "p (Holm)", "p 值（Holm）", "After Holm's correction over the indicator's pairs", "按该指标全部配对校正"
    ),
    "distinguishable": _column("Told apart", "可区分", "p (Holm) below 0.05", "p 值（Holm）小于 0.05"),
    "too_few": _column("Too few", "重复太少", "Too few replicates to tell", "重复次数太少，无法判断"),
    "kind": _column("Kind of error", "错误类型"),
    "error": _column("Error", "错误", "In English, as in the record", "与记录一致，为英文"),
    "fund": _column("Fund", "资金"),
    "period": _column("Period", "评定期"),
    "month": _column("Month", "月份", "Counted from 0", "从 0 起"),
    "failed_rule": _column("Failed rule", "出错的规则"),
    "step": _column("Step", "步骤", "What the rule was asked", "请规则做的事"),
    "proposals": _column("Proposals", "申报项目", "Proposals of the round", "该轮的申报项目数"),
    "fact": _column("Fact", "事实", "Number of the fact", "事实的序号"),
    "name": _column("Name", "名称", "Name of the fact", "事实的名称"),
    "test": _column("Test", "检验", "What is held against the published figure", "与已发表数字对照的内容"),
    "facts.low": _column("Range from", "范围下限", "Empty: no bound", "空格表示不限"),
    "facts.high": _column("Range to", "范围上限", "Empty: no bound", "空格表示不限"),
    "published": _column("Published", "已发表", "Empty: no figure was published", "空格表示未发表数字"),
    "simulated": _column("Simulated", "模拟", "Mean over draws and seeds", "各组参数和种子的均值"),
    "interval_low": _column("95% from", "95% 区间下限", "Over seeds", "按种子计"),
    "interval_high": _column("95% to", "95% 区间上限", "Over seeds", "按种子计"),
    "draws_in_range": _column("Draws in range", "在范围内的组数"),
    "draws": _column("Draws", "参数组数", "Draws of the parameters", "抽取的参数组数"),
    "held": _column("Holds", "成立"),
    "fitted": _column("Fitted", "用于校准", "Used to calibrate, hence no evidence", "曾用于校准，不作为证据"),
    "counted": _column("Counts", "计入", "False: plausibility only", "FALSE 表示仅看是否合理"),
    "use": _column("Used as", "用途", "fit, test or structural", "fit 拟合，test 检验，structural 结构要求"),
    "at_defaults": _column("At defaults", "默认值下", "Registry's values, mean over seeds", "按参数表数值，种子均值"),
    "default_low": _column("95% from", "95% 区间下限", "Registry's values, over seeds", "按参数表数值，按种子计"),
    "default_high": _column("95% to", "95% 区间上限", "Registry's values, over seeds", "按参数表数值，按种子计"),
    "state_at_defaults": _column("At defaults it", "默认值下是否成立", "holds, missed or not identified", "结果代码"),
    "over_draws": _column("Over draws", "各组参数平均", "Mean over draws and seeds", "各组参数和种子的均值"),
    "draws_held": _column("Draws that hold", "成立的组数"),
    "fact_state": _column("Fact", "事实是否成立", "holds, missed or not identified", "结果代码"),
    "draw": _column("Draw", "参数组", "Path: -1 is the registry's values", "路径：-1 为参数表数值"),
    "seed": _column("Seed", "种子"),
    "arm": _column("Arm", "实验组"),
    "round": _column("Round", "轮次", "Counted from 0", "从 0 起"),
    "acted": _column("Acted", "参与比例", "Share of the people who acted", "作出行动的人所占比例"),
    "amount": _column("Amount", "数额", "Mean over all, in the experiment's own unit", "全体均值，单位由实验而定"),
    "amount_if_acted": _column("Amount if acted", "参与者数额", "Mean over those who acted", "作出行动者的均值"),
    "sum": _column("Sum", "合计"),
}  # fmt: skip
