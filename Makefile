# Everything here needs a JDK 25 and nothing else; deploy/find-jdk finds it, whatever `java` on the path is.
.DEFAULT_GOAL := help
.PHONY: help up down reset aot verify faults kills outage races slots takeovers rolling streams native native-verify native-sources reference format

services = scheduler-service,delivery-service,booking-service,outbox-relay

with_jdk = JAVA_HOME=$$(deploy/find-jdk) || exit 1; export JAVA_HOME;

help: ## list what can be done (this)
	@echo "make <target>, where <target> is:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target what; do printf '%-14s %s\n' "$$target" "$$what"; done
	@echo "Variables of up: SERVICES=\"scheduler delivery\"  INSTANCES=2  CARILLON_PORT_OFFSET=1000  CARILLON_STATE_DIR=/a/folder  CARILLON_JAVA_OPTIONS=-Xlog:gc  CARILLON_RUNTIME=native"
	@echo "Variables of faults: FAULTS=200  SEED=7, which a run prints  HOLD=300, the longest transaction in seconds"
	@echo "Variables of outage: MINUTES=10"
	@echo "Variables of races: RACES=10000  SEED=7, which a run prints; of kills and slots: SEED=7; of streams: STREAMS=5000"

up: ## build what is stale, then start the local stack; again: start what is not running
	@$(with_jdk) exec deploy/local/stack up

down: ## stop the local stack, keep its data
	@$(with_jdk) exec deploy/local/stack down

reset: ## stop the local stack and forget its data and credentials
	@$(with_jdk) exec deploy/local/stack reset

aot: ## record what the services' JVMs load and link, so that `make up` starts them faster until the next build
	@$(with_jdk) exec deploy/local/record-aot-caches

verify: ## build and pass every test, as CI does
	@$(with_jdk) ./mvnw -T 2 verify

faults: ## put the backbone through more faults than verify does
	@$(with_jdk) CARILLON_FAULTS=$${FAULTS:-200} CARILLON_FAULTS_SEED=$${SEED:-$$(date +%s)} CARILLON_FAULTS_HOLD_SECONDS=$${HOLD:-28} ./mvnw -q verify -pl deploy/backbone-tests -am \
	    -Dtest=NoSuch -Dit.test=BackboneFaultsIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

kills: ## kill delivery twenty times while five thousand messages are due
	@$(with_jdk) CARILLON_KILLS_SEED=$${SEED:-$$(date +%s)} ./mvnw -q verify -pl deploy/system-tests -am \
	    -Dtest=NoSuch -Dit.test=DeliveryKillsIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

outage: ## let a receiver fail for ten minutes, with retries as they are by default
	@$(with_jdk) CARILLON_OUTAGE_MINUTES=$${MINUTES:-10} ./mvnw -q verify -pl deploy/system-tests -am \
	    -Dtest=NoSuch -Dit.test=OutageIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

races: ## race cancels and changes against attempts, with two of each
	@$(with_jdk) CARILLON_RACES=$${RACES:-10000} CARILLON_RACES_SEED=$${SEED:-$$(date +%s)} ./mvnw -q verify -pl deploy/system-tests -am \
	    -Dtest=NoSuch -Dit.test=RacesIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

slots: ## race for a few places on every path, the bot among them, while instances of booking are killed
	@$(with_jdk) CARILLON_SLOTS_SEED=$${SEED:-$$(date +%s)} ./mvnw -q verify -pl deploy/system-tests -am \
	    -Dtest=NoSuch -Dit.test=SlotKillsIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

takeovers: ## freeze and kill one of two schedulers and of two deliveries in the middle of their work
	@$(with_jdk) ./mvnw -q verify -pl deploy/system-tests -am \
	    -Dtest=NoSuch -Dit.test=TakeoverIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

rolling: ## replace every service, one after another, while clients go on
	@$(with_jdk) ./mvnw -q verify -pl deploy/system-tests -am \
	    -Dtest=NoSuch -Dit.test=RollingRestartIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

streams: ## open thousands of event streams of one scheduler, and tell what they take
	@$(with_jdk) CARILLON_STREAMS=$${STREAMS:-5000} ./mvnw -q verify -pl deploy/system-tests -am \
	    -Dtest=NoSuch -Dit.test=StreamsIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

native: ## build every service as a native executable: by GRAALVM_HOME, or by the Mandrel image where none is set
	@$(with_jdk) ./mvnw -q package -pl $(services) -am -Dmaven.test.skip -Dquarkus.native.enabled=true -Dquarkus.package.jar.enabled=false \
	    -Dquarkus.native.container-build=$$([ -n "$$GRAALVM_HOME" ] && echo false || echo true)

native-verify: ## let the system tests use the native executables that `make native` has built
	@$(with_jdk) CARILLON_RUNTIME=native ./mvnw -q verify -pl deploy/system-tests -am \
	    -Dtest=NoSuch -Dit.test=OnTimeIT,CancelIT,RemindersIT,ApiKeysIT,BadRequestIT,TraceIT,LogsIT,LogLevelsIT,PersonalDataIT,CloudEventsIT,SlotRaceIT,TelegramBotIT,CrashIT,BookingCrashIT \
	    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

native-sources: ## go as far as the native compiler with every service, which needs nothing but the JDK
	@$(with_jdk) ./mvnw -q package -pl $(services) -am -Dmaven.test.skip -Dquarkus.native.enabled=true -Dquarkus.package.jar.enabled=false \
	    -Dquarkus.native.sources-only=true

reference: ## write docs/reference/settings.md anew, from the code, and the names by which services know what is no setting
	@$(with_jdk) CARILLON_WRITE_REFERENCE=true ./mvnw -q test -pl deploy/manifests -am -Dtest=SettingsReferenceTest -Dsurefire.failIfNoSpecifiedTests=false

format: ## format every source, as the build demands it
	@$(with_jdk) ./mvnw -q spotless:apply
