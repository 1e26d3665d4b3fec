{{- define "mehari.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "mehari.selector" -}}
app.kubernetes.io/name: mehari
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "mehari.labels" -}}
{{ include "mehari.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "mehari.secret" -}}
{{ .Values.secret | default (include "mehari.name" .) }}
{{- end }}

{{- define "mehari.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "mehari.name" .) }}
{{- end }}

{{- /* The ConfigMap with routes, or nothing: then those in the jar serve. */ -}}
{{- define "mehari.routes" -}}
{{- if .Values.routes.configMap }}{{ .Values.routes.configMap }}{{ else if .Values.routes.files }}{{ include "mehari.name" . }}-routes{{ end }}
{{- end }}

{{- /* Whether there is more than one at times. */ -}}
{{- define "mehari.several" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) }}yes{{ end }}
{{- end }}

{{- /* What would render and then not work. */ -}}
{{- define "mehari.check" -}}
{{- if and (include "mehari.several" .) (or (not .Values.redis.secret) (not .Values.database.secret)) }}
{{- fail "more than one replica needs redis.secret and database.secret: else each has its own keys, limits and conversations" }}
{{- end }}
{{- if and .Values.routes.files .Values.routes.configMap }}
{{- fail "routes.files and routes.configMap are both set: name one" }}
{{- end }}
{{- if and .Values.gateway.enabled (not .Values.gateway.parents) }}
{{- fail "gateway.enabled needs gateway.parents: the Gateways that pass calls on" }}
{{- end }}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}
{{- fail "autoscaling.minReplicas is above autoscaling.maxReplicas" }}
{{- end }}
{{- end }}
