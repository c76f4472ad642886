package dev.carillon.violators.order.store;

import dev.carillon.kit.problem.StandInForProblem;

record StoreThatAnswersHttp(StandInForProblem answer) {}
